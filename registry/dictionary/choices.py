"""Choices that several forms share."""

from registry.dictionary.variable import Choice
from registry.terminology.text import gettext_noop as _

YES_NO = (
    Choice("Y", _("Yes")),
    Choice("N", _("No")),
)

RESPONSES = (
    Choice("SCR", _("Stringent complete response")),
    Choice("CR", _("Complete response")),
    Choice("VGPR", _("Very good partial response")),
    Choice("PR", _("Partial response")),
    Choice("MR", _("Minimal response")),
    Choice("SD", _("Stable disease")),
    Choice("PD", _("Progressive disease")),
    Choice("NE", _("Not evaluable")),
)

DRUGS = (
    Choice("DARA", _("Daratumumab [CD38]")),
    Choice("ISA", _("Isatuximab [CD38]")),
    Choice("ELO", _("Elotuzumab [SLAMF7]")),
    Choice("BOR", _("Bortezomib [PI]")),
    Choice("CAR", _("Carfilzomib [PI]")),
    Choice("IXA", _("Ixazomib [PI]")),
    Choice("LEN", _("Lenalidomide [IMID]")),
    Choice("POM", _("Pomalidomide [IMID]")),
    Choice("THAL", _("Thalidomide [IMID]")),
    Choice("CELMOD", _("Iberdomide/mezigdomide [CELMOD]")),
    Choice("MEL", _("Melphalan [ALK]")),
    Choice("CYC", _("Cyclophosphamide [ALK]")),
    Choice("BEND", _("Bendamustine [ALK]")),
    Choice("MELFLU", _("Melflufen [ALK]")),
    Choice("DEX", _("Dexamethasone [STEROID]")),
    Choice("PRED", _("Prednisone/prednisolone [STEROID]")),
    Choice("SEL", _("Selinexor [XPO1]")),
    Choice("VEN", _("Venetoclax [BCL2]")),
    Choice("PAN", _("Panobinostat [HDAC]")),
    Choice("BELA", _("Belantamab mafodotin [BCMA]")),
    Choice("TEC", _("Teclistamab [BCMA]")),
    Choice("ELRA", _("Elranatamab [BCMA]")),
    Choice("TALQ", _("Talquetamab [GPRC5D]")),
    Choice("IDECEL", _("Ide-cel [BCMA CAR-T]")),
    Choice("CILTACEL", _("Cilta-cel [BCMA CAR-T]")),
    Choice("CHEMO", _("Other chemotherapy e.g. DCEP/D-PACE/doxorubicin [CHEMO]")),
    Choice("TRIAL", _("Blinded or unnamed trial agent [OTHER]")),
    Choice("OTHER", _("Other anti-myeloma agent [OTHER]")),
)

IMMUNOFIXATION = (
    Choice("NEG", _("Negative")),
    Choice("POS", _("Positive")),
    Choice("FAIL", _("Not interpretable")),
    Choice("ND", _("Not done")),
)

FISH_RESULTS = (
    Choice("POS", _("Positive")),
    Choice("NEG", _("Negative")),
    Choice("FAIL", _("Tested, not informative")),
    Choice("ND", _("Not tested")),
)
