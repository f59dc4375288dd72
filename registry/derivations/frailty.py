"""Simplified frailty scale (Facon 2020) from age, Charlson index and ECOG (D32)."""

from registry.derivations import charlson as comorbidity
from registry.derivations.derived import Answer, ne, ok
from registry.derivations.reasons import missing

INPUTS = ("birth_date", "isapd_start_date", *comorbidity.INPUTS, "ecog")

FRAIL, NONFRAIL = "FRAIL", "NONFRAIL"
FRAIL_FROM = 2


def frailty_score(age: Answer, charlson: Answer, ecog: str | None) -> Answer:
    """`frailty_score`: age ≤75 0, 76–80 1, >80 2; Charlson >1 1; ECOG 0, 1, ≥2 as 0, 1, 2."""
    if not isinstance(age.value, int):
        return ne(age.reason, INPUTS)
    if not isinstance(charlson.value, int):
        return ne(charlson.reason, INPUTS)
    if ecog is None:
        return ne(missing("ecog"), INPUTS)
    by_age = (age.value > 75) + (age.value > 80)
    return ok(by_age + (charlson.value > 1) + min(int(ecog), 2), INPUTS, age.reason)


def frailty_simplified(score: Answer) -> Answer:
    """`frailty_simplified`: FRAIL from two points on."""
    if not isinstance(score.value, int):
        return ne(score.reason, INPUTS)
    return ok(FRAIL if score.value >= FRAIL_FROM else NONFRAIL, INPUTS, score.reason)
