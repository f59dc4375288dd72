"""Group of the paraprotein's isotype (D03)."""

from registry.derivations.derived import Answer, ne, ok
from registry.derivations.reasons import missing

INPUTS = ("heavy_chain",)
GROUPS = {"IGG": "IgG", "IGA": "IgA", "NONE": "Light chain only"}


def isotype_group(heavy_chain: str | None) -> Answer:
    """`isotype_group` as in Martino 2025, Table 1; whatever that table does not have is "Other"."""
    if heavy_chain is None:
        return ne(missing("heavy_chain"), INPUTS)
    return ok(GROUPS.get(heavy_chain, "Other"), INPUTS)
