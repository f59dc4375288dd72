"""IMWG response of each assessment, computed from its components (D18; Kumar 2016)."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from fractions import Fraction

from registry.derivations.dates import plus_days
from registry.derivations.derived import NO, YES, Answer, ne, ok
from registry.derivations.imwg_components import (
    Assessment,
    Baseline,
    Component,
    read_assessments,
)
from registry.derivations.imwg_progression import DECISIVE, criteria_met
from registry.derivations.light_chains import Ratio
from registry.derivations.logic import all_of
from registry.derivations.observation import Observation
from registry.derivations.parameters import Parameters
from registry.derivations.reading import day
from registry.derivations.visits import Visit, in_order
from registry.dictionary.facts import Facts
from registry.terminology.imwg import Response
from registry.terminology.text import gettext_noop as _

INPUTS = (
    "isapd_start_date",
    "serum_m_protein",
    "urine_m_protein",
    "flc_kappa",
    "flc_lambda",
    "light_chain",
    "bmpc_pct",
    "plasmacytoma_type",
    "plasmacytoma_spd",
    "resp_date",
    "resp_serum_m",
    "resp_serum_ife",
    "mab_interference",
    "resp_urine_m",
    "resp_urine_ife",
    "resp_flc_kappa",
    "resp_flc_lambda",
    "resp_spurious",
    "resp_bmpc_pct",
    "resp_bm_clonal",
    "resp_new_lesion",
    "resp_lesion_increase",
    "resp_plasmacytoma_spd",
    "resp_calcium",
    "resp_albumin",
    "resp_hypercalc_mm",
)
NO_ASSESSMENT = _("No assessment after the start of IsaPd")
PER_VISIT = _("One answer per assessment, in order of date")

QUARTER, HALF, NINETY, WHOLE = Fraction(1, 4), Fraction(1, 2), Fraction(9, 10), Fraction(1)

Needs = dict[Component, bool | None]
"""What a category asks of the components: met, not met, or missing."""


@dataclass(frozen=True, slots=True)
class Judged:
    """Computed response of one assessment; `missing` names what kept it from a deeper one."""

    day: date
    response: Response
    missing: tuple[Component, ...] = ()
    criteria: tuple[str, ...] = ()
    underestimated: bool = False


def judge(
    facts: Facts, start: date | None, observation: Observation, baseline: Baseline, parameters: Parameters
) -> list[Judged]:
    """Every observed assessment after the start, in order of date."""
    rows = [
        row
        for row in facts.rows("response")
        if (when := day(row, "resp_date")) is not None
        and start is not None
        and when > start
        and observation.includes(when)
    ]
    assessments = read_assessments(rows, facts.labrefs, baseline.chain)
    judged = []
    for now in assessments:
        earlier = [one for one in assessments if one.day < now.day]
        later = [one for one in assessments if one.day > now.day]
        judged.append(_judge(now, earlier, later, baseline, parameters))
    return judged


def _judge(
    now: Assessment,
    earlier: Sequence[Assessment],
    later: Sequence[Assessment],
    baseline: Baseline,
    parameters: Parameters,
) -> Judged:
    criteria = criteria_met(now, earlier, baseline, parameters)
    if criteria:
        return Judged(now.day, Response.PD, criteria=criteria)
    absent = _absent_keys(now, baseline)
    if absent or not baseline.is_measurable:
        return Judged(now.day, Response.NE, absent)
    missing: tuple[Component, ...] = ()
    for category, needs in _categories(now, _marrow_of(now, later, parameters), baseline):
        verdict = all_of(needs.values())
        if verdict:
            return Judged(now.day, category, missing, underestimated=now.suspected_band)
        # Only what is missing for the category just above the one assigned limits it.
        missing = () if verdict is False else tuple(part for part, met in needs.items() if met is None)
    return Judged(now.day, Response.SD, missing, underestimated=now.suspected_band)


def _absent_keys(now: Assessment, baseline: Baseline) -> tuple[Component, ...]:
    """Components that make the disease measurable and are missing: nothing but progression can be said."""
    keys = (
        (Component.SERUM, baseline.serum_measurable, now.serum),
        (Component.URINE, baseline.urine_measurable, now.urine),
        (Component.FLC, baseline.flc_only, now.dflc),
        (Component.MARROW, baseline.marrow_only, now.marrow),
    )
    return tuple(component for component, is_key, value in keys if is_key and value is None)


def _marrow_of(now: Assessment, later: Sequence[Assessment], parameters: Parameters) -> Assessment:
    """The assessment whose marrow counts: this one's, or the next within the window after it."""
    if now.marrow is not None:
        return now
    end = plus_days(now.day, parameters.bm_window_days)
    return next((one for one in later if one.marrow is not None and one.day <= end), now)


def _categories(now: Assessment, marrow: Assessment, baseline: Baseline) -> list[tuple[Response, Needs]]:
    """The categories better than SD that exist for this kind of disease, deepest first."""
    complete = _complete(now, marrow, baseline)
    stringent = {
        **complete,
        Component.FLC_RATIO: _normal_ratio(now),
        Component.CLONALITY: marrow.clonal_absent,
    }
    by_depth = [(Response.SCR, stringent), (Response.CR, complete)]
    shrunk = _plasmacytoma(now, baseline, HALF)
    if baseline.by_m_protein:
        by_depth += [
            (Response.VGPR, {**_very_good(now, baseline), **shrunk}),
            (Response.PR, {**_partial(now, baseline), **shrunk}),
            (Response.MR, {**_minimal(now, baseline), **shrunk}),
        ]
    elif baseline.flc_only:
        by_depth += [
            (Response.VGPR, {Component.FLC: _falls(now.dflc, baseline.dflc, NINETY), **shrunk}),
            (Response.PR, {Component.FLC: _falls(now.dflc, baseline.dflc, HALF), **shrunk}),
        ]
    else:
        fell = _falls(now.marrow, baseline.marrow, HALF)
        by_depth.append((Response.PR, {Component.MARROW: fell, **shrunk}))
    return by_depth


def _complete(now: Assessment, marrow: Assessment, baseline: Baseline) -> Needs:
    needs: Needs = {
        Component.SERUM: True if now.drug_band else _is_zero(now.serum),
        Component.URINE: _is_zero(now.urine),
        Component.SERUM_IFE: now.serum_ife_negative,
        Component.URINE_IFE: now.urine_ife_negative,
        Component.MARROW: None if marrow.marrow is None else marrow.marrow < 5,
        **_plasmacytoma(now, baseline, WHOLE),
    }
    if baseline.flc_only:
        needs[Component.FLC_RATIO] = _normal_ratio(now)
    return needs


def _very_good(now: Assessment, baseline: Baseline) -> Needs:
    """Serum 90 % down and urine below 100 mg/24 h; both at zero is the limit of that."""
    urine = None if now.urine is None else now.urine < 100
    if baseline.urine_measurable:
        urine = all_of((urine, _falls(now.urine, baseline.urine, NINETY)))
    return {**_serum_falls(now, baseline, NINETY), Component.URINE: urine}


def _partial(now: Assessment, baseline: Baseline) -> Needs:
    needs = _serum_falls(now, baseline, HALF)
    if now.urine is not None:
        far = baseline.urine_measurable and _falls(now.urine, baseline.urine, NINETY)
        needs[Component.URINE] = now.urine < 200 or bool(far)
    return needs


def _minimal(now: Assessment, baseline: Baseline) -> Needs:
    needs = _serum_falls(now, baseline, QUARTER)
    if baseline.urine_measurable:
        needs[Component.URINE] = _falls(now.urine, baseline.urine, HALF)
    return needs


def _serum_falls(now: Assessment, baseline: Baseline, share: Fraction) -> Needs:
    """A serum that was not measurable at baseline is not asked for."""
    return {Component.SERUM: _falls(now.serum, baseline.serum, share)} if baseline.serum_measurable else {}


def _plasmacytoma(now: Assessment, baseline: Baseline, share: Fraction) -> Needs:
    """A plasmacytoma of the baseline must shrink too."""
    if not baseline.plasmacytoma:
        return {}
    if now.spd == 0:
        return {Component.PLASMACYTOMA: True}
    if share == WHOLE and now.spd is not None:
        return {Component.PLASMACYTOMA: False}
    return {Component.PLASMACYTOMA: _falls(now.spd, baseline.spd, share)}


def _falls(value: Fraction | None, base: Fraction | None, share: Fraction) -> bool | None:
    """Whether the value fell by that share of the baseline at least."""
    return None if value is None or base is None else base - value >= share * base


def _is_zero(value: Fraction | None) -> bool | None:
    return None if value is None else value == 0


def _normal_ratio(now: Assessment) -> bool | None:
    return None if now.ratio is None else now.ratio is Ratio.NORMAL


def imwg_response(judged: Sequence[Judged]) -> Answer:
    """`imwg_response`: the computed response of each assessment."""
    if not judged:
        return ne(NO_ASSESSMENT, INPUTS)
    return ok(tuple(one.response.value for one in judged), INPUTS, PER_VISIT)


def limiting_component(judged: Sequence[Judged]) -> Answer:
    """`limiting_component`: for each assessment what was missing for a deeper response, or None."""
    if not judged:
        return ne(NO_ASSESSMENT, INPUTS)
    return ok(tuple("+".join(one.missing) or None for one in judged), INPUTS, PER_VISIT)


def possible_underestimate(judged: Sequence[Judged]) -> Answer:
    """`possible_underestimate`: whether the therapeutic antibody may hide a deeper response."""
    if not judged:
        return ne(NO_ASSESSMENT, INPUTS)
    return ok(tuple(YES if one.underestimated else NO for one in judged), INPUTS, PER_VISIT)


def computed_visits(judged: Sequence[Judged]) -> tuple[Visit, ...]:
    """The evaluable assessments with their computed response, to feed the endpoints instead."""
    return in_order(
        Visit(one.day, one.response, bool(DECISIVE.intersection(one.criteria)))
        for one in judged
        if one.response is not Response.NE
    )
