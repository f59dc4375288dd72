"""First progression after IsaPd start."""

from registry.dictionary.choices import YES_NO
from registry.dictionary.variable import Choice, Form, Identifying, Kind, Limits, Variable
from registry.terminology.missing import Missing
from registry.terminology.text import gettext_noop as _

FORM = Form(
    "progression",
    _("Progression"),
    variables=(
        Variable(
            "pd_occurred",
            _("Progressive disease after IsaPd start"),
            Kind.BOOLEAN,
            choices=YES_NO,
            required="always",
            missing=(Missing.NK,),
            core=True,
        ),
        Variable(
            "pd_date",
            _("Date of first progression"),
            Kind.DATE,
            required="when pd_occurred = Y",
            shown="pd_occurred = Y",
            hard=Limits("isapd_start_date", "today"),
            standard="SDTM RS/ADaM PD",
            identifying=Identifying.QUASI,
            core=True,
            source=(
                "First of the two consecutive assessments. YYYY-MM not accepted; ask center for best "
                "estimate + flag"
            ),
        ),
        Variable(
            "pd_date_estimated",
            _("Progression date is an estimate"),
            Kind.BOOLEAN,
            choices=YES_NO,
            shown="pd_occurred = Y",
            core=True,
        ),
        Variable(
            "pd_type",
            _("Type of progression"),
            Kind.CHOICE,
            choices=(
                Choice("BIOCH", _("Biochemical only")),
                Choice("CLIN", _("Clinical")),
                Choice("BOTH", _("Both")),
            ),
            required="when pd_occurred = Y",
            shown="pd_occurred = Y",
            missing=(Missing.NK,),
        ),
        Variable(
            "pd_criteria",
            _("Criteria met"),
            Kind.MULTICHOICE,
            choices=(
                Choice("SERUM", _("Serum M >=25% and >=0.5 g/dL")),
                Choice("URINE", _("Urine M >=25% and >=200 mg/24 h")),
                Choice("DFLC", _("dFLC >=25% and >10 mg/dL")),
                Choice("BM", _("Marrow PCs >=10%")),
                Choice("LESION", _("New or increased lesion/plasmacytoma")),
                Choice("CIRC_PC", _("Circulating PCs")),
                Choice("CALCIUM", _("Hypercalcemia")),
                Choice("CLINICAL", _("Clinical judgement only")),
            ),
            required="when pd_occurred = Y",
            shown="pd_occurred = Y",
            missing=(Missing.NK,),
        ),
        Variable(
            "pd_confirmed",
            _("Confirmed by second consecutive assessment"),
            Kind.CHOICE,
            choices=(
                Choice("Y", _("Yes")),
                Choice("N", _("No")),
                Choice("NOTREQ", _("Not required (imaging/marrow)")),
            ),
            shown="pd_occurred = Y",
            missing=(Missing.NK,),
        ),
    ),
)
