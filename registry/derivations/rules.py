"""What each rule of the specification decides, in a sentence for who reads a derived value."""

from collections.abc import Mapping

from registry.terminology.text import gettext_noop as _

RULES: Mapping[str, str] = {
    "D02": _("Completed years at the start of IsaPd; a partial date of birth is imputed."),
    "D03": _("Heavy chain in the groups of Martino 2025, Table 1."),
    "D05": _(
        "Creatinine clearance after Cockcroft and Gault with the actual weight; on dialysis it is below 60."
    ),
    "D06": _("Estimated glomerular filtration rate by the CKD-EPI creatinine equation of 2021."),
    "D07": _("LDH above the laboratory's upper limit on the day of the sample; equal is normal."),
    "D08": _("Calcium corrected to an albumin of 4 g/dL, and what the laboratory says of CRAB (IMWG 2014)."),
    "D09": _("International Staging System from β2-microglobulin and albumin."),
    "D10": _("High risk with t(4;14), t(14;16) or del(17p) in any sample up to 30 days after the start."),
    "D11": _(
        "R-ISS and R2-ISS; at relapse exploratory. Assigned where every completion gives the same stage."
    ),
    "D12": _("Lines of therapy by the IMWG rule (Rajkumar 2015), begun before IsaPd."),
    "D13": _("No response, or progression within 60 days of that drug's last dose; else as the source says."),
    "D14": _(
        "Refractory to an anti-CD38 antibody, a proteasome inhibitor and an IMiD; penta: one, two and two."
    ),
    "D15": _(
        "Daratumumab before IsaPd: regimen, cycles, refractoriness and the interval since its last dose."
    ),
    "D16": _("Refractory to the last line, else symptomatic by CRAB or plasmacytoma, else biochemical."),
    "D17": _("Free light chains, and the component by which the disease can be measured."),
    "D18": _("IMWG response of each assessment, computed from its components; the lowest one wins."),
    "D20": _("Deepest response after the start, before progression and the next therapy."),
    "D21": _("Reported progression; else the first assessment that the investigator called progression."),
    "D22": _("From the start of IsaPd to death from any cause; else to the day last known alive."),
    "D23": _("From the start of IsaPd to progression or death, whichever comes first."),
    "D24": _("From the start of IsaPd to the next systemic therapy; death without one competes."),
    "D25": _("Of responders: time to the first and to the best response, and how long it lasted."),
    "D28": _("Hemoglobin strictly below the paper's cut; found in the same patients, not validated."),
    "D29": _("Criteria E1 to E7 of the paper, and the cohorts they make."),
    "D30": _("Doses due: isatuximab 10 mg/kg, pomalidomide 4 mg on days 1–21, dexamethasone by age."),
    "D31": _("Cycles started, how late each was, and the dose given as a share of the dose planned."),
    "D32": _("Charlson index without the myeloma, and the simplified frailty score (Facon 2020)."),
    "D33": _("Adverse events from the first dose until 30 days after the last one; later ones if related."),
}
"""Rule → its sentence, for every rule that a derived variable names."""
