"""No error-severity check of section F fires: each is asserted on its own, from the specification's words.

Written apart from `registry.edit_checks`, so that a mistake there cannot hide one here.
"""

from datetime import date, timedelta
from itertools import pairwise

import pytest

from registry.dictionary.values import Measurement, PartialDate
from tests.registry.study_cohort.cases import facts

DEPTH = ("PD", "SD", "MR", "PR", "VGPR", "CR", "SCR")


def earliest(value):
    return value.earliest if isinstance(value, PartialDate) else value


def latest(value):
    return value.latest if isinstance(value, PartialDate) else value


def known(case, form, name):
    """The known values of one variable over all rows."""
    return [record.known(name) for record in case.rows(form) if record.known(name) is not None]


def start_of(case):
    return case.one("isapd_treatment")["isapd_start_date"]


def deaths(case):
    return known(case, "follow_up", "death_date")


def alive_evidence(case):
    contacts = [
        record["contact_date"]
        for record in case.rows("follow_up")
        if record["vital_status"] in ("ALIVE", "LTFU")
    ]
    return [
        *contacts,
        *known(case, "response", "resp_date"),
        *known(case, "isapd_cycle", "cycle_start"),
        *known(case, "isapd_treatment", "isapd_end_date"),
        *known(case, "progression", "pd_date"),
        *known(case, "subsequent_therapy", "subs_start"),
        *[earliest(value) for value in known(case, "adverse_event", "ae_start")],
    ]


def life_and_death(case):
    """C02, C03, C38, C48, C57."""
    assert all(day >= start_of(case) for day in alive_evidence(case))
    assert len(deaths(case)) <= 1
    fatal = [
        record
        for record in case.rows("adverse_event")
        if record["ae_grade"] == "5" or record["ae_outcome"] == "FATAL"
    ]
    for record in fatal:
        assert (record["ae_grade"], record["ae_outcome"]) == ("5", "FATAL")
        assert record["ae_end"] == deaths(case)[0]
    if deaths(case):
        assert max(alive_evidence(case)) <= latest(deaths(case)[0])


def progression_and_next_therapy(case):
    """C04, C31, C40."""
    progression = case.one("progression")
    starts = known(case, "subsequent_therapy", "subs_start")
    assert starts == sorted(set(starts))
    assert [record["subs_line_no"] for record in case.rows("subsequent_therapy")] == list(
        range(1, len(starts) + 1)
    )
    if starts:
        assert case.one("isapd_treatment")["isapd_end_date"] < starts[0]
    if progression["pd_occurred"] == "Y":
        assert progression["pd_date"] > start_of(case)
    else:
        assert "PD" not in known(case, "subsequent_therapy", "subs_reason")
        assert case.one("isapd_treatment")["isapd_stop_reason"] != "PD"


def prior_lines(case):
    """C06, C07, C08, C09, C53, C54."""
    lines = case.rows("prior_line")
    diagnosed = case.one("diagnosis")["dx_date"]
    assert latest(case.one("demographics")["birth_date"]) < earliest(diagnosed)
    assert [line["line_no"] for line in lines] == list(range(1, len(lines) + 1))
    for line in lines:
        assert (
            earliest(line["line_start"])
            <= latest(line["line_stop"])
            <= start_of(case).replace(day=28) + timedelta(4)
        )
        assert line["line_stop_reason"] != "PD" or line["line_progressed"] == "Y"
    for line, following in pairwise(lines):
        assert earliest(line["line_stop"]) <= latest(following["line_start"])
        progressed = line.known("line_progression_date")
        assert progressed is None or earliest(progressed) <= latest(following["line_start"])
    if lines:
        assert earliest(diagnosed) <= latest(lines[0]["line_start"])


def prior_drugs(case):
    """C16, C17, C18, C22, and C10's single-agent lenalidomide."""
    lines = {line["line_no"]: line for line in case.rows("prior_line")}
    drugs = case.rows("prior_line_drug")
    assert {drug["line_no_ref"] for drug in drugs} == set(lines)
    assert len({(drug["line_no_ref"], drug["drug"]) for drug in drugs}) == len(drugs)
    for drug in drugs:
        line = lines[drug["line_no_ref"]]
        assert latest(drug["drug_start"]) >= earliest(line["line_start"])
        assert earliest(drug["drug_last_dose"]) <= latest(line["line_stop"])
        assert earliest(drug["drug_start"]) <= latest(drug["drug_last_dose"])
    for number, line in lines.items():
        codes = {drug["drug"] for drug in drugs if drug["line_no_ref"] == number}
        assert codes - {"DEX", "PRED"} != {"LEN"} or "DEX" in codes
        day = line.known("line_transplant_date")
        assert (line["line_transplant"] == "NONE") == (day is None)
        if day is not None:
            assert "MEL" in codes
            assert earliest(line["line_start"]) <= latest(day)
            assert earliest(day) <= latest(line["line_stop"])


def treatment(case):
    """C23, C24, C25, C26, C27, C28, C29."""
    treatment = case.one("isapd_treatment")
    cycles = case.rows("isapd_cycle")
    ended = treatment.known("isapd_end_date")
    assert (treatment["isapd_ongoing"] == "Y") == (ended is None)
    if treatment["isapd_ongoing"] == "Y":
        assert not deaths(case)
        assert not case.rows("subsequent_therapy")
    assert [cycle["cycle_no"] for cycle in cycles] == list(range(1, len(cycles) + 1))
    assert cycles[0]["cycle_start"] == start_of(case)
    for cycle, following in pairwise(cycles):
        assert 21 <= (following["cycle_start"] - cycle["cycle_start"]).days <= 56
        assert int(following["pom_daily_mg"]) <= int(cycle["pom_daily_mg"])
    for cycle in cycles:
        infusions, given = cycle.known("isa_infusions_n"), cycle.known("isa_total_mg")
        weight = cycle.known("cycle_weight_kg")
        if infusions is not None:
            assert 1 <= infusions <= (4 if cycle["cycle_no"] == 1 else 2)
            assert given.canonical > 0
            if weight is not None:
                assert 9 <= given.canonical / infusions / weight.canonical <= 11
        total = cycle.known("pom_total_mg")
        if total is not None:
            assert total.canonical <= 21 * int(cycle["pom_daily_mg"])


def toxicity_that_ended_treatment_is_among_the_events(case):
    """C39, C52."""
    treatment = case.one("isapd_treatment")
    actions = {action for actions in known(case, "adverse_event", "ae_action") for action in actions}
    assert (treatment["isapd_stop_reason"] == "TOX") == ("ISA_STOP" in actions)
    if ended := treatment.known("isapd_end_date"):
        for record in case.rows("adverse_event"):
            related = record.known("ae_related")
            assert related in (None, ("NONE",)) or earliest(record["ae_start"]) <= ended + timedelta(days=30)


def assessments(case):
    """C30, C34, C35, C36, C37."""
    visits = case.rows("response")
    days = [visit["resp_date"] for visit in visits]
    assert days == sorted(set(days))
    assert all(day > start_of(case) for day in days)
    first_pd = next((visit["resp_date"] for visit in visits if visit["resp_investigator"] == "PD"), None)
    pd_date = case.one("progression").known("pd_date")
    assert first_pd == pd_date
    if pd_date:
        assert {visit["resp_investigator"] for visit in visits if visit["resp_date"] >= pd_date} == {"PD"}
    for visit in visits:
        if visit["resp_investigator"] in ("CR", "SCR"):
            assert visit["resp_serum_m"].canonical == 0
            assert visit["resp_serum_ife"] == visit["resp_urine_ife"] == "NEG"
            assert visit["resp_bmpc_pct"].canonical < 5
    if (max(alive_evidence(case)) - start_of(case)).days > 100:
        assert visits


def the_serum_m_protein_explains_the_investigators_response(case):
    """D18 for patients measured by their serum: shares of the baseline, and the rise from the nadir."""
    baseline = case.one("baseline").known("serum_m_protein")
    if not isinstance(baseline, Measurement) or baseline.canonical < 1:
        return
    lowest = {"MR": 0.25, "PR": 0.5, "VGPR": 0.9, "CR": 1, "SCR": 1}
    nadir = baseline.canonical
    for visit in case.rows("response"):
        response, serum = visit["resp_investigator"], visit.known("resp_serum_m")
        if serum is None:
            continue
        fall = 1 - serum.canonical / baseline.canonical
        if response == "PD":
            first = serum.canonical if visit["resp_date"] == case.one("progression")["pd_date"] else None
            if first is not None:
                assert first >= nadir * 5 / 4
                assert first - nadir >= 0.5
            continue
        if response in lowest:
            assert fall >= lowest[response]
        deeper = DEPTH[DEPTH.index(response) + 1 :]
        assert not any(fall >= lowest[name] for name in deeper[:1] if name not in ("CR", "SCR"))
        nadir = min(nadir, serum.canonical)


def consent_and_samples(case):
    """C42, C45, C46, C47, C50."""
    enrolment, baseline = case.one("enrolment"), case.one("baseline")
    withdrawn = enrolment.known("consent_withdrawal_date")
    if withdrawn:
        assert max(alive_evidence(case)) <= withdrawn
        assert enrolment["consent_date"] <= withdrawn
    for sample in case.rows("fish"):
        if sample["fish_done"] == "N":
            assert set(sample) == {"fish_done"}
        cutoff = case.labrefs[0]["del17p_cutoff_pct"].canonical
        share = sample.known("fish_del17p_pct")
        assert (share is None) == (sample.known("fish_del17p") != "POS")
        assert share is None or share.canonical >= cutoff
    serum, heavy = baseline.known("serum_m_protein"), case.one("diagnosis").known("heavy_chain")
    if heavy in ("NONSEC", "NONE") and serum is not None:
        assert serum.canonical < 0.5
    for form, name in (("baseline", "comorbidities"), ("diagnosis", "dx_associated")):
        codes = case.one(form).known(name)
        assert codes is None or codes == ("NONE",) or "NONE" not in codes
    assert 0 <= (start_of(case) - baseline["baseline_lab_date"]).days <= 28
    assert isinstance(baseline["baseline_lab_date"], date)


def crab_answers_agree_with_the_laboratory(case):
    """C15."""
    baseline = case.one("baseline")
    calcium, albumin, hb = (baseline.known(name) for name in ("calcium_total", "albumin", "hb"))
    if calcium and albumin and baseline.known("crab_calcium"):
        corrected = calcium.canonical + (4 - albumin.canonical) * 4 / 5
        assert (baseline["crab_calcium"] == "Y") == (corrected > 11)
    if hb and baseline["crab_anemia"] == "Y":
        assert hb.canonical < 12
    if hb and baseline["crab_anemia"] == "N":
        assert hb.canonical >= 10
    if baseline["crab_bone"] == "Y":
        assert baseline["imaging_modality"] != ("NONE",)


@pytest.mark.parametrize(
    "check",
    [
        life_and_death,
        progression_and_next_therapy,
        prior_lines,
        prior_drugs,
        treatment,
        toxicity_that_ended_treatment_is_among_the_events,
        assessments,
        the_serum_m_protein_explains_the_investigators_response,
        consent_and_samples,
        crab_answers_agree_with_the_laboratory,
    ],
    ids=lambda check: check.__name__,
)
def test_every_treated_patient_is_coherent(check, subtests):
    treated = {reference: case for reference, case in facts().items() if "isapd_treatment" in case.forms}
    assert len(treated) == 267
    for reference, case in treated.items():
        with subtests.test(reference=reference):
            check(case)
