"""IMWG response categories, ordered by depth (Rajkumar 2011; Kumar 2016)."""

from enum import StrEnum


class Response(StrEnum):
    """Response at one assessment. `NE` is an answer (not evaluable), not a missing value."""

    SCR = "SCR"
    CR = "CR"
    VGPR = "VGPR"
    PR = "PR"
    MR = "MR"
    SD = "SD"
    PD = "PD"
    NE = "NE"

    @property
    def depth(self) -> int:
        """Rank of depth: PD 0, SD 1, … sCR 6. Raises KeyError for NE, which has no depth."""
        return _DEPTH[self]

    def at_least(self, other: "Response") -> bool:
        """Whether this response is `other` or deeper; NE never is."""
        return self is not Response.NE and self.depth >= other.depth

    @property
    def symbol(self) -> str:
        """How IMWG writes it."""
        return "sCR" if self is Response.SCR else self.value


_DEPTH = {
    response: depth
    for depth, response in enumerate(
        (Response.PD, Response.SD, Response.MR, Response.PR, Response.VGPR, Response.CR, Response.SCR)
    )
}
