"""Birth and sex."""

from registry.dictionary.variable import Choice, Form, Identifying, Kind, Limits, Variable
from registry.terminology.text import gettext_noop as _

FORM = Form(
    "demographics",
    _("Demographics"),
    variables=(
        Variable(
            "birth_date",
            _("Date of birth (YYYY-MM by default; day only if center policy allows)"),
            Kind.PARTIAL_DATE,
            required="always",
            hard=Limits("1910-01-01", "isapd_start_date minus 18 years"),
            soft=Limits("1930-01-01", "1985-12-31"),
            standard="SDTM DM.BRTHDTC",
            identifying=Identifying.QUASI,
            core=True,
            source="Age is derived, never typed. Martino 2025 age range 48-81",
        ),
        Variable(
            "sex",
            _("Sex at birth"),
            Kind.CHOICE,
            choices=(
                Choice("M", _("Male")),
                Choice("F", _("Female")),
            ),
            required="always",
            standard="SDTM DM.SEX",
            identifying=Identifying.QUASI,
            core=True,
            source="Used by CrCl, CKD-EPI. Martino 2025 labels it 'Gender'",
        ),
    ),
)
