"""The center: identity, ethics approval, activation."""

from registry.dictionary.variable import Choice, Form, Identifying, Kind, Limits, Variable
from registry.terminology.text import gettext_noop as _

FORM = Form(
    "center",
    _("Center"),
    variables=(
        Variable(
            "center_code",
            _("Center code (issued by coordinating center)"),
            Kind.TEXT,
            required="always",
            standard="SDTM DM.SITEID",
            identifying=Identifying.QUASI,
            core=True,
            source=(
                "Pattern ^[A-Z]{2}[0-9]{3}$, e.g. IT014. Row-level access scope. Martino 2025 2.1 "
                "says '51 centers' but lists 31 affiliations"
            ),
        ),
        Variable(
            "center_name",
            _("Center name"),
            Kind.TEXT,
            required="always",
            source="Institution, not person",
        ),
        Variable(
            "center_country",
            _("Country"),
            Kind.CHOICE,
            choices=(
                Choice("IT", _("Italy")),
                Choice("OTHER", _("Other country (ISO 3166-1 alpha-2 prefix of center_code)")),
            ),
            required="always",
            standard="SDTM DM.COUNTRY",
            source="Italy in Martino 2025",
        ),
        Variable(
            "center_pi_name",
            _("Principal investigator"),
            Kind.TEXT,
            required="always",
            standard="CDASH INVNAM",
            identifying=Identifying.DIRECT,
            source="Staff personal data; never in the research export",
        ),
        Variable(
            "ec_reference",
            _("Ethics committee approval reference"),
            Kind.TEXT,
            required="always",
        ),
        Variable(
            "ec_approval_date",
            _("Ethics committee approval date"),
            Kind.DATE,
            required="always",
            hard=Limits("2015-01-01", "today"),
            source="Enrolment at a center blocked before this date (Martino 2025 Ethics statement)",
        ),
        Variable(
            "center_activation_date",
            _("Center activation date"),
            Kind.DATE,
            required="always",
            hard=Limits("ec_approval_date", "today"),
        ),
    ),
)
