"""Lines of therapy after IsaPd."""

from registry.dictionary.choices import DRUGS, RESPONSES
from registry.dictionary.variable import Choice, Form, Identifying, Kind, Limits, Variable
from registry.terminology.missing import Missing
from registry.terminology.text import gettext_noop as _

FORM = Form(
    "subsequent_therapy",
    _("Subsequent therapy"),
    repeating="per line",
    variables=(
        Variable(
            "subs_line_no",
            _("Subsequent line (1 = first after IsaPd)"),
            Kind.INTEGER,
            required="always",
            hard=Limits("1", "15"),
            soft=Limits("1", "6"),
            core=True,
        ),
        Variable(
            "subs_start",
            _("Start date"),
            Kind.DATE,
            required="always",
            hard=Limits("isapd_start_date plus 1 day", "today"),
            standard="SDTM CM.CMSTDTC",
            identifying=Identifying.QUASI,
            core=True,
            source="Earliest qualifying start date = TTNT event (Martino 2025 2.2)",
        ),
        Variable(
            "subs_stop",
            _("Stop date"),
            Kind.PARTIAL_DATE,
            hard=Limits("subs_start", "today"),
            missing=(Missing.NK,),
            standard="SDTM CM.CMENDTC",
            identifying=Identifying.QUASI,
        ),
        Variable(
            "subs_drugs",
            _("Drugs"),
            Kind.MULTICHOICE,
            choices=(
                *DRUGS,
                Choice("ASCT", _("Autologous transplant")),
                Choice("ALLO", _("Allogeneic transplant")),
                Choice("RT", _("Radiotherapy only")),
                Choice("PALL", _("Palliative steroid pulse/supportive only")),
            ),
            required="always",
            missing=(Missing.NK,),
            standard="SDTM CM.CMDECOD",
            core=True,
            source="RT or PALL alone does not count for TTNT",
        ),
        Variable(
            "subs_reason",
            _("Reason for starting"),
            Kind.CHOICE,
            choices=(
                Choice("PD", _("Progression")),
                Choice("NORESP", _("Insufficient response")),
                Choice("TOX", _("Toxicity of IsaPd")),
                Choice("PLANNED", _("Planned (e.g. ASCT, CAR-T)")),
                Choice("OTHER", _("Other")),
            ),
            required="always",
            missing=(Missing.NK,),
            core=True,
            source="PD without a progression record raises C31",
        ),
        Variable(
            "subs_best_response",
            _("Best response"),
            Kind.CHOICE,
            choices=RESPONSES,
            missing=(
                Missing.NK,
                Missing.ND,
                Missing.NA,
            ),
            source="NA = too early",
        ),
    ),
)
