"""Enrolment: consent, eligibility, index regimen."""

from registry.dictionary.choices import YES_NO
from registry.dictionary.variable import Choice, Form, Identifying, Kind, Limits, Variable
from registry.terminology.missing import Missing
from registry.terminology.text import gettext_noop as _

FORM = Form(
    "enrolment",
    _("Enrolment"),
    variables=(
        Variable(
            "patient_code",
            _("Registry patient code (system-generated)"),
            Kind.TEXT,
            required="always",
            standard="SDTM DM.SUBJID",
            identifying=Identifying.QUASI,
            core=True,
            source=(
                "Pattern ^[A-Z]{2}[0-9]{3}-[0-9]{4}$. System-issued; linkage list with names/MRN "
                "stays at the center and is not captured here"
            ),
        ),
        Variable(
            "enrolment_date",
            _("Date patient entered in registry"),
            Kind.DATE,
            required="always",
            hard=Limits("center_activation_date", "today"),
            standard="CDASH DSSTDAT",
            identifying=Identifying.QUASI,
        ),
        Variable(
            "enrolment_mode",
            _("Data collection mode"),
            Kind.CHOICE,
            choices=(
                Choice("RETRO", _("Retrospective")),
                Choice("PROSP", _("Prospective")),
                Choice("AMBI", _("Retrospective then prospective")),
            ),
            required="always",
            core=True,
            source="Martino 2025 = retrospective, updated on an ongoing basis",
        ),
        Variable(
            "index_regimen",
            _("Index regimen"),
            Kind.CHOICE,
            choices=(
                Choice("ISAPD", _("Isatuximab-pomalidomide-dexamethasone")),
                Choice("ELOPD", _("Elotuzumab-pomalidomide-dexamethasone (comparator, disabled by default)")),
            ),
            required="always",
            core=True,
            source=(
                "ELOPD reserved so the paper's EloPd comparison can be added without a schema "
                "change; exposure forms for ELOPD are out of scope of v1"
            ),
        ),
        Variable(
            "consent_status",
            _("Consent / legal basis"),
            Kind.CHOICE,
            choices=(
                Choice("SIGNED", _("Signed")),
                Choice("WAIVED_DECEASED", _("Waived, deceased")),
                Choice("WAIVED_UNREACHABLE", _("Waived, not reachable (EC decision)")),
                Choice("REFUSED", _("Refused")),
                Choice("WITHDRAWN", _("Withdrawn")),
            ),
            required="always",
            standard="SDTM DS (DSDECOD)",
            core=True,
            source="REFUSED blocks all other forms; WITHDRAWN stops new data; check local (Garante) rules",
        ),
        Variable(
            "consent_date",
            _("Date of consent"),
            Kind.DATE,
            required="when consent_status in (SIGNED,WITHDRAWN)",
            shown="consent_status in (SIGNED,WITHDRAWN)",
            hard=Limits("2015-01-01", "today"),
            standard="SDTM DM.RFICDTC",
            identifying=Identifying.QUASI,
        ),
        Variable(
            "consent_withdrawal_date",
            _("Date of consent withdrawal"),
            Kind.DATE,
            required="when consent_status = WITHDRAWN",
            shown="consent_status = WITHDRAWN",
            hard=Limits("consent_date", "today"),
            identifying=Identifying.QUASI,
            source="No follow-up after this date is analysed",
        ),
        Variable(
            "elig_mm_confirmed",
            _("Multiple myeloma diagnosis confirmed in source (IMWG)"),
            Kind.BOOLEAN,
            choices=YES_NO,
            required="always",
            standard="SDTM IE",
            core=True,
            source="Eligibility E1",
        ),
        Variable(
            "elig_rrmm",
            _("Relapsed and/or refractory disease before index regimen"),
            Kind.BOOLEAN,
            choices=YES_NO,
            required="always",
            standard="SDTM IE",
            core=True,
            source="Eligibility E2",
        ),
        Variable(
            "in_interventional_trial",
            _("Index regimen given inside an interventional trial"),
            Kind.BOOLEAN,
            choices=YES_NO,
            required="always",
            missing=(Missing.NK,),
            core=True,
            source="Parent paper: 'outside of controlled clinical trials'; Y excludes from the paper cohort",
        ),
    ),
)
