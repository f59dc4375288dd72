"""Free light chains and what makes the disease measurable (D17)."""

from collections.abc import Iterable
from datetime import date
from enum import StrEnum
from fractions import Fraction
from typing import NamedTuple

from registry.derivations.derived import Answer, ne, ok
from registry.derivations.parameters import Parameters
from registry.derivations.reading import day, number
from registry.derivations.reasons import missing
from registry.derivations.reference_ranges import flc_ratio_range
from registry.dictionary.facts import Record
from registry.terminology.text import gettext_noop as _

RATIO_INPUTS = ("flc_kappa", "flc_lambda")
CHAIN_INPUTS = (
    "light_chain",
    "flc_kappa",
    "flc_lambda",
    "flc_ratio_low",
    "flc_ratio_high",
    "m_protein_date",
)
MEASURABLE_INPUTS = ("serum_m_protein", "urine_m_protein", *CHAIN_INPUTS, "bmpc_pct")

NO_LAMBDA = _("Lambda free light chains are zero")
NORMAL_RATIO = _("The clonal light chain is not known and the ratio is normal")

URINE_MIN = 200
FLC_MIN = 100
MARROW_MIN = 30


class Ratio(StrEnum):
    """Where κ/λ lies in the laboratory's normal range."""

    LOW = "LOW"
    NORMAL = "NORMAL"
    HIGH = "HIGH"


class FreeLightChains(NamedTuple):
    """One sample, in mg/L, with the normal range of the ratio on its day."""

    kappa: Fraction | None
    lambda_: Fraction | None
    normal: tuple[Fraction, Fraction]

    @property
    def is_complete(self) -> bool:
        return self.kappa is not None and self.lambda_ is not None

    @property
    def ratio(self) -> Ratio | None:
        """Compared without dividing, so that a λ of zero is an abnormal ratio too."""
        if self.kappa is None or self.lambda_ is None:
            return None
        low, high = self.normal
        if self.kappa > high * self.lambda_:
            return Ratio.HIGH
        return Ratio.LOW if self.kappa < low * self.lambda_ else Ratio.NORMAL

    def involved(self, chain: str) -> Fraction | None:
        return self.kappa if chain == "K" else self.lambda_

    def difference(self, chain: str) -> Fraction | None:
        """Involved minus uninvolved."""
        if self.kappa is None or self.lambda_ is None:
            return None
        return self.kappa - self.lambda_ if chain == "K" else self.lambda_ - self.kappa


def at_baseline(baseline: Record, labrefs: Iterable[Record]) -> FreeLightChains:
    """The baseline sample."""
    sampled = day(baseline, "m_protein_date") or day(baseline, "baseline_lab_date")
    return FreeLightChains(
        number(baseline, "flc_kappa"), number(baseline, "flc_lambda"), flc_ratio_range(labrefs, sampled)
    )


def at_visit(visit: Record, labrefs: Iterable[Record], when: date) -> FreeLightChains:
    """The sample of one assessment."""
    return FreeLightChains(
        number(visit, "resp_flc_kappa"), number(visit, "resp_flc_lambda"), flc_ratio_range(labrefs, when)
    )


def flc_ratio(flc: FreeLightChains) -> Answer:
    """`flc_ratio`, κ/λ."""
    if flc.kappa is None or flc.lambda_ is None:
        return ne(_absent(flc), RATIO_INPUTS)
    if flc.lambda_ == 0:
        return ne(NO_LAMBDA, RATIO_INPUTS)
    return ok(flc.kappa / flc.lambda_, RATIO_INPUTS)


def involved_chain(light_chain: str | None, flc: FreeLightChains) -> Answer:
    """`involved_chain`, K or L: the clonal chain; where that is not one, the chain in excess."""
    if light_chain in ("K", "L"):
        return ok(light_chain, CHAIN_INPUTS)
    match flc.ratio:
        case None:
            return ne(_absent(flc), CHAIN_INPUTS)
        case Ratio.NORMAL:
            return ne(NORMAL_RATIO, CHAIN_INPUTS)
        case ratio:
            return ok("K" if ratio is Ratio.HIGH else "L", CHAIN_INPUTS)


def dflc(flc: FreeLightChains, chain: Answer) -> Answer:
    """`dflc`, involved minus uninvolved, in mg/L."""
    if not flc.is_complete:
        return ne(_absent(flc), CHAIN_INPUTS)
    if not isinstance(chain.value, str):
        return ne(chain.reason, CHAIN_INPUTS)
    return ok(flc.difference(chain.value), CHAIN_INPUTS)


def measurable_disease(
    baseline: Record, flc: FreeLightChains, chain: Answer, parameters: Parameters
) -> Answer:
    """`measurable_disease`: SERUM, else URINE, else FLC, else MARROW, else NONE.

    A component that was not measured is not measurable; without serum nor any other, nothing can be said.
    """
    serum = number(baseline, "serum_m_protein")
    urine = number(baseline, "urine_m_protein")
    marrow = number(baseline, "bmpc_pct")
    if serum is not None and serum >= parameters.serum_measurable_min:
        return ok("SERUM", MEASURABLE_INPUTS)
    if urine is not None and urine >= URINE_MIN:
        return ok("URINE", MEASURABLE_INPUTS)
    involved = flc.involved(chain.value) if isinstance(chain.value, str) else None
    if involved is not None and involved >= FLC_MIN and flc.ratio in (Ratio.LOW, Ratio.HIGH):
        return ok("FLC", MEASURABLE_INPUTS)
    if marrow is not None and marrow >= MARROW_MIN:
        return ok("MARROW", MEASURABLE_INPUTS)
    return (
        ok("NONE", MEASURABLE_INPUTS)
        if serum is not None
        else ne(missing("serum_m_protein"), MEASURABLE_INPUTS)
    )


def _absent(flc: FreeLightChains) -> str:
    return missing("flc_kappa") if flc.kappa is None else missing("flc_lambda")
