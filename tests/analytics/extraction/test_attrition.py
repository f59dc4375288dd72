"""The flow into a cohort accounts for every patient once."""

from __future__ import annotations

from dataclasses import replace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from analytics.extraction.attrition import CohortMismatchError, select
from analytics.extraction.cohorts import ALL_ISAPD, COHORTS, DARA_REFRACTORY
from tests.analytics.study_cut import study_cut

CASES = study_cut().cases


def by_key(flow):
    return {step.key: step for step in flow.exclusions}


def test_the_study_cohort_has_51_patients():
    for cohort in COHORTS.values():
        cases, flow = select(CASES, cohort)
        assert (flow.enrolled, flow.analyzed, len(cases)) == (51, 51, 51)


def test_each_patient_leaves_at_the_first_condition_not_met():
    out = {"cohort_paper": "NO", "cohort_dara_r": "NO"}
    cases = (
        CASES[0].but(elig_e2="NO", elig_e5="NO", **out),
        CASES[1].but(elig_e4="NO", **out),
        CASES[2].but(elig_e4=None, **out),
        *CASES[3:],
    )
    _, flow = select(cases, ALL_ISAPD)
    steps = by_key(flow)
    assert (steps["E2"].excluded, steps["E2"].not_evaluable, steps["E2"].remaining) == (1, 0, 50)
    assert (steps["E4"].excluded, steps["E4"].not_evaluable, steps["E4"].remaining) == (1, 1, 48)
    assert steps["E5"].excluded == 0
    assert flow.analyzed == 48


def test_daratumumab_never_given_not_refractory_and_undecided_are_told_apart():
    cases = (
        CASES[0].but(dara_refractory="NOT_EXPOSED", cohort_dara_r="NO"),
        CASES[1].but(dara_refractory="NO", cohort_dara_r="NO"),
        CASES[2].but(dara_refractory=None, cohort_dara_r=None),
        *CASES[3:],
    )
    _, flow = select(cases, DARA_REFRACTORY)
    exposed, refractory = by_key(flow)["DARAEXP"], by_key(flow)["DARAREF"]
    assert (exposed.excluded, exposed.not_evaluable, exposed.remaining) == (1, 0, 50)
    assert (refractory.excluded, refractory.not_evaluable, refractory.remaining) == (1, 1, 48)
    assert select(cases, ALL_ISAPD)[1].analyzed == 51


def test_steps_that_disagree_with_the_derived_flag_are_refused():
    cases = (CASES[0].but(cohort_paper="NO"), *CASES[1:])
    with pytest.raises(CohortMismatchError, match="leave 51 cases, cohort_paper names 50"):
        select(cases, ALL_ISAPD)


answers = st.sampled_from(["YES", "YES", "YES", "NO", None])


@settings(max_examples=50, deadline=None)
@given(st.lists(st.tuples(*[answers] * 7, st.sampled_from(["YES", "NO", "NOT_EXPOSED", None])), max_size=20))
def test_the_flow_reconciles(rows):
    cases = []
    for case, (*eligible, dara) in zip(CASES, rows, strict=False):
        paper = all(answer == "YES" for answer in eligible)
        flags = {f"elig_e{step}": answer for step, answer in enumerate(eligible, start=1)}
        cases.append(
            case.but(
                **flags,
                dara_refractory=dara,
                cohort_paper="YES" if paper else "NO",
                cohort_dara_r="YES" if paper and dara == "YES" else "NO",
            )
        )
    for cohort in COHORTS.values():
        selected, flow = select(cases, cohort)
        remaining = flow.enrolled
        for step in flow.exclusions:
            remaining -= step.excluded + step.not_evaluable
            assert step.remaining == remaining
        assert remaining == flow.analyzed == len(selected)
        assert flow.enrolled == len(cases)


def test_order_of_the_cut_does_not_matter():
    assert select(CASES[::-1], ALL_ISAPD) == select(CASES, ALL_ISAPD)


def test_no_other_cohort_hides_behind_a_name():
    assert all(name == cohort.name and cohort.version >= 1 for name, cohort in COHORTS.items())
    assert replace(ALL_ISAPD, version=2) != ALL_ISAPD
