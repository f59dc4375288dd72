"""The flow from enrolled to analysed has something to count at every exclusion, and the cohorts differ."""

from collections import Counter

import pytest
from lifelines import KaplanMeierFitter

from registry.management.study_cohort.profile import Trait
from tests.registry.study_cohort.cases import derived, facts, members, profile_of

EXCLUDED = {
    "elig_e1": 2,
    "elig_e2": 2,
    "elig_e3": 6,
    "elig_e4": 6,
    "elig_e6": 3,
    "elig_e7": 4,
}
MONTH = 30.4375


def answers(name):
    """How often each answer is given; NE where there is none."""
    return Counter(values[name].value or "NE" for values in derived().values())


@pytest.mark.parametrize(("criterion", "count"), EXCLUDED.items())
def test_each_criterion_excludes_somebody(criterion, count):
    assert answers(criterion)["NO"] == count


def test_an_open_age_and_an_open_trial_question_leave_the_criterion_undecided():
    undecided = {
        criterion: [
            reference
            for reference, values in derived().items()
            if values[criterion].value is None and "isapd_treatment" in facts()[reference].forms
        ]
        for criterion in ("elig_e5", "elig_e7")
    }
    assert {name: len(found) for name, found in undecided.items()} == {"elig_e5": 1, "elig_e7": 1}
    assert derived()[undecided["elig_e5"][0]]["age_at_start"].value == 17


def test_the_cohorts_nest_and_differ():
    any_dose, paper, dara = (
        set(members(name)) for name in ("cohort_any_dose", "cohort_paper", "cohort_dara_r")
    )
    assert dara < paper < any_dose
    assert len(dara) == 51
    assert 235 <= len(paper) <= 250
    assert len(any_dose) > len(paper)


def test_exclusions_also_take_daratumumab_refractory_patients():
    refractory = {
        reference for reference, values in derived().items() if values["dara_refractory"].value == "YES"
    }
    lost = refractory - set(members("cohort_dara_r"))
    reasons = {name for reference in lost for name in EXCLUDED if derived()[reference][name].value == "NO"}
    assert {"elig_e3", "elig_e4", "elig_e7"} <= reasons


def test_the_others_were_never_exposed_or_not_refractory_or_cannot_be_told():
    others = set(members("cohort_paper")) - set(members("cohort_dara_r"))
    found = Counter(derived()[reference]["dara_refractory"].value for reference in others)
    assert set(found) == {"NOT_EXPOSED", "NO", None}
    assert min(found.values()) >= 2


@pytest.mark.parametrize(
    ("name", "expected"),
    [
        ("isotype_group", {"IgG", "IgA", "Light chain only", "Other", "NE"}),
        ("prior_lines_group", {"1", "2", "3", "≥4"}),
        ("iss", {"I", "II", "III", "NE"}),
        ("cyto_risk", {"HIGH", "STANDARD", "NE"}),
        ("crcl_group", {"≥60", "<60", "NE"}),
        ("ldh_status", {"HIGH", "NORMAL", "NE"}),
        ("disease_status", {"REFRACTORY", "SYMPTOMATIC", "BIOCHEMICAL", "NE"}),
        ("bor", {"SCR", "CR", "VGPR", "PR", "MR", "SD", "PD", "NE"}),
        ("pfs_type", {"PD", "DEATH", "CENSORED"}),
        ("pd_after_nat", {"YES", "NO"}),
        ("ttnt_status", {0, 1, 2}),
        ("age_ambiguous", {"YES", "NO"}),
        ("label_ok", {"YES", "NO"}),
    ],
)
def test_every_category_of_the_report_has_patients(name, expected):
    given = {values[name].value for values in derived().values()}
    # Nobody has all answers: the refusals have none at all.
    assert expected <= {"NE" if value is None else value for value in given}


def test_time_to_next_treatment_before_progression():
    early = [
        reference
        for reference, values in derived().items()
        if values["ttnt_status"].value == 1
        and values["pfs_type"].value == "PD"
        and values["ttnt_days"].value < values["pfs_days"].value
    ]
    assert len(early) >= 5


def test_event_times_tie():
    events = Counter(
        values["pfs_days"].value for values in derived().values() if values["pfs_event"].value == 1
    )
    assert max(events.values()) >= 4


def test_there_are_the_patients_a_registry_meets():
    traits = Counter(trait for profile in profile_of().values() for trait in profile.traits)
    assert traits[Trait.DIALYSIS] == 3
    assert traits[Trait.LOST] == 7
    assert traits[Trait.WITHDRAWN] == 2
    statuses = Counter(
        record["vital_status"] for case in facts().values() for record in case.rows("follow_up")
    )
    assert statuses["LTFU"] == 7
    ongoing = Counter(case.one("isapd_treatment")["isapd_ongoing"] for case in facts().values())
    assert ongoing["Y"] >= 40
    terms = {record["ae_term"] for case in facts().values() for record in case.rows("adverse_event")}
    assert len(terms) == 17
    assert "5" in {record["ae_grade"] for case in facts().values() for record in case.rows("adverse_event")}
    reduced = [
        record
        for case in facts().values()
        for record in case.rows("isapd_cycle")
        if record["pom_daily_mg"] in ("3", "2")
    ]
    assert len(reduced) > 100
    assert any(
        record["spm_occurred"] == "Y" for case in facts().values() for record in case.rows("follow_up")
    )
    assert any(case.one("baseline")["plasmacytoma_type"] == "EMD" for case in facts().values())


def median(references, name):
    kaplan_meier = KaplanMeierFitter().fit(
        [derived()[reference][f"{name}_days"].value for reference in references],
        [derived()[reference][f"{name}_event"].value for reference in references],
    )
    return kaplan_meier.median_survival_time_ / MONTH


def test_patients_naive_to_anti_cd38_fare_as_published_for_such_patients():
    naive = [
        reference
        for reference in members("cohort_paper")
        if derived()[reference]["dara_refractory"].value == "NOT_EXPOSED"
    ]
    assert 10.5 <= median(naive, "pfs") <= 12.5
    assert 26 <= median(naive, "os") <= 34


def test_hemoglobin_matters():
    paper = members("cohort_paper")
    low, high = (
        [reference for reference in paper if derived()[reference]["hb_lt_11_8"].value == answer]
        for answer in ("YES", "NO")
    )
    assert median(low, "pfs") < 0.75 * median(high, "pfs")
    assert median(low, "os") < 0.75 * median(high, "os")
