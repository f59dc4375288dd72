"""The drugs of each prior line."""

from registry.dictionary.choices import DRUGS, YES_NO
from registry.dictionary.variable import Choice, Form, Identifying, Kind, Limits, Variable
from registry.terminology.missing import Missing
from registry.terminology.text import gettext_noop as _

FORM = Form(
    "prior_line_drug",
    _("Drugs of prior lines"),
    repeating="per line per drug",
    variables=(
        Variable(
            "line_no_ref",
            _("Line number this drug belongs to"),
            Kind.INTEGER,
            required="always",
            hard=Limits("1", "20"),
            core=True,
            source="Foreign key to prior_line.line_no",
        ),
        Variable(
            "drug",
            _("Drug"),
            Kind.CHOICE,
            choices=DRUGS,
            required="always",
            standard="SDTM CM.CMDECOD",
            core=True,
            source="Class in [ ] is a fixed attribute of the drug code, never typed",
        ),
        Variable(
            "drug_other_text",
            _("Name of other/trial drug"),
            Kind.TEXT,
            required="when drug in (TRIAL,OTHER,CHEMO)",
            shown="drug in (TRIAL,OTHER,CHEMO)",
            source="No patient identifiers",
        ),
        Variable(
            "drug_start",
            _("First dose of the drug in this line"),
            Kind.PARTIAL_DATE,
            required="when drug in (DARA,ISA,BOR,CAR,IXA,LEN,POM,THAL)",
            hard=Limits("line_start", "line_stop"),
            missing=(Missing.NK,),
            standard="SDTM CM.CMSTDTC",
            identifying=Identifying.QUASI,
            core=True,
            source="Defaults to line_start; editable",
        ),
        Variable(
            "drug_last_dose",
            _("Last dose of the drug in this line"),
            Kind.PARTIAL_DATE,
            required="when drug in (DARA,ISA,BOR,CAR,IXA,LEN,POM,THAL)",
            hard=Limits("drug_start", "line_stop"),
            missing=(Missing.NK,),
            standard="SDTM CM.CMENDTC",
            identifying=Identifying.QUASI,
            core=True,
            source=(
                "Defaults to line_stop. Per-drug date matters: in Dara-VMP bortezomib stops long before Dara"
            ),
        ),
        Variable(
            "drug_phase",
            _("Phase(s) in which the drug was given"),
            Kind.MULTICHOICE,
            choices=(
                Choice("IND", _("Induction/treatment")),
                Choice("CONS", _("Consolidation")),
                Choice("MAINT", _("Maintenance/continuous")),
            ),
            missing=(Missing.NK,),
            source="Shows lenalidomide refractoriness on maintenance dose",
        ),
        Variable(
            "drug_stop_reason",
            _("Reason this drug stopped"),
            Kind.CHOICE,
            choices=(
                Choice("PD", _("Progression")),
                Choice("NORESP", _("Insufficient response")),
                Choice("TOX", _("Toxicity")),
                Choice("COMPLETED", _("Planned completion")),
                Choice("PREF", _("Patient choice")),
                Choice("OTHER", _("Other")),
            ),
            missing=(Missing.NK,),
        ),
        Variable(
            "drug_refractory_asserted",
            _("Source states patient refractory to this drug"),
            Kind.BOOLEAN,
            choices=YES_NO,
            required="when dates are insufficient to compute refractoriness",
            missing=(Missing.NK,),
            core=True,
            source="Fallback only; derived refractoriness keeps provenance computed/asserted",
        ),
    ),
)
