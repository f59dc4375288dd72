"""Lines of therapy before IsaPd, counted by the IMWG rule."""

from registry.dictionary.choices import RESPONSES, YES_NO
from registry.dictionary.variable import Choice, Form, Identifying, Kind, Limits, Unit, Variable
from registry.terminology.missing import Missing
from registry.terminology.text import gettext_noop as _

FORM = Form(
    "prior_line",
    _("Prior lines"),
    repeating="per line",
    variables=(
        Variable(
            "line_no",
            _("Line number (IMWG rule; 1 = first line)"),
            Kind.INTEGER,
            required="always",
            hard=Limits("1", "20"),
            soft=Limits("1", "8"),
            standard="SDTM CM (supp)",
            core=True,
            source=(
                "Unique per patient, contiguous from 1; induction+ASCT+consolidation+maintenance = "
                "ONE line (Rajkumar 2015)"
            ),
        ),
        Variable(
            "line_start",
            _("Start of line"),
            Kind.PARTIAL_DATE,
            required="always",
            hard=Limits("dx_date minus 60 days", "isapd_start_date"),
            missing=(Missing.NK,),
            standard="SDTM CM.CMSTDTC",
            identifying=Identifying.QUASI,
            core=True,
        ),
        Variable(
            "line_stop",
            _("Last dose of any drug of the line"),
            Kind.PARTIAL_DATE,
            required="always",
            hard=Limits("line_start", "isapd_start_date"),
            missing=(Missing.NK,),
            standard="SDTM CM.CMENDTC",
            identifying=Identifying.QUASI,
            core=True,
        ),
        Variable(
            "line_cycles",
            _("Number of cycles started in this line"),
            Kind.INTEGER,
            unit=Unit("{cycles}", "cycles"),
            hard=Limits("1", "150"),
            soft=Limits("1", "60"),
            missing=(
                Missing.NK,
                Missing.NA,
            ),
            core=True,
            source=(
                "NA = not cycle-based (e.g. CAR-T). Needed for number of daratumumab cycles (Martino "
                "2025: median 10, range 1-36)"
            ),
        ),
        Variable(
            "line_transplant",
            _("Transplant within the line"),
            Kind.CHOICE,
            choices=(
                Choice("NONE", _("None")),
                Choice("AUTO1", _("Single ASCT")),
                Choice("AUTO2", _("Planned tandem ASCT")),
                Choice("ALLO", _("Allogeneic")),
                Choice("AUTO_ALLO", _("ASCT then allogeneic")),
            ),
            required="always",
            missing=(Missing.NK,),
            core=True,
            source="Unplanned second ASCT = new line",
        ),
        Variable(
            "line_transplant_date",
            _("Date of (first) transplant in the line"),
            Kind.PARTIAL_DATE,
            required="when line_transplant != NONE",
            shown="line_transplant != NONE",
            hard=Limits("line_start", "isapd_start_date"),
            missing=(Missing.NK,),
            standard="SDTM PR.PRSTDTC",
            identifying=Identifying.QUASI,
        ),
        Variable(
            "line_best_response",
            _("Best response in the line (investigator)"),
            Kind.CHOICE,
            choices=RESPONSES,
            required="always",
            missing=(
                Missing.NK,
                Missing.ND,
            ),
            standard="SDTM RS (RSTESTCD=BESTRESP)",
            core=True,
            source="Never MR or better => non-responsive (IMWG 2011)",
        ),
        Variable(
            "line_progressed",
            _("Progression during or after the line"),
            Kind.BOOLEAN,
            choices=YES_NO,
            required="always",
            missing=(Missing.NK,),
            core=True,
        ),
        Variable(
            "line_progression_date",
            _("Date of progression for this line"),
            Kind.PARTIAL_DATE,
            required="when line_progressed = Y",
            shown="line_progressed = Y",
            hard=Limits("line_start", "isapd_start_date"),
            missing=(Missing.NK,),
            identifying=Identifying.QUASI,
            core=True,
            source="Drives refractoriness (<= 60 days after last dose)",
        ),
        Variable(
            "line_stop_reason",
            _("Main reason the line was stopped"),
            Kind.CHOICE,
            choices=(
                Choice("PD", _("Progression")),
                Choice("NORESP", _("Insufficient response")),
                Choice("TOX", _("Toxicity")),
                Choice("COMPLETED", _("Planned completion")),
                Choice("PREF", _("Patient choice")),
                Choice("COMORB", _("Intercurrent illness")),
                Choice("OTHER", _("Other")),
            ),
            required="always",
            missing=(Missing.NK,),
            standard="CDASH CMREASND-like",
            core=True,
            source="PD with unknown progression date => progression date inferred = line_stop (D13)",
        ),
    ),
)
