"""What a row owes, what does not apply, what is out of range."""

from datetime import date

import pytest

from registry.dictionary.catalog import FORMS
from registry.dictionary.entry import read
from registry.dictionary.facts import Facts
from registry.edit_checks import completeness, limits, row
from registry.edit_checks.finding import Severity
from registry.edit_checks.quality import quality

TODAY = date(2024, 6, 30)
START = {"isapd_treatment": {"isapd_start_date": "2022-03-10"}}


def findings(form, entries, **others):
    facts = Facts.from_json(START | {form: entries} | others)
    return {(f.check, f.variable): f for f in row.findings(facts, form, 0, TODAY)}


def test_a_required_core_answer_is_owed_and_a_missing_reason_pays_it():
    assert ("required", "hb") in findings("baseline", {"ecog": "1"})
    assert ("required", "hb") not in findings("baseline", {"hb": {"missing": "ND"}})
    # Required, but not core: it counts toward full completeness and never blocks.
    assert ("required", "platelets") not in findings("baseline", {"ecog": "1"})


def test_an_answer_is_owed_only_where_the_question_applies():
    assert ("required", "pd_date") in findings("progression", {"pd_occurred": "Y"})
    assert ("required", "pd_date") not in findings("progression", {"pd_occurred": "N"})
    assert ("applies", "pd_date") in findings("progression", {"pd_occurred": "N", "pd_date": "2022-09-01"})


def test_a_condition_may_ask_another_form():
    spd = {"resp_date": "2022-05-01", "resp_imaging_done": "Y", "resp_plasmacytoma_spd": "400"}
    assert ("applies", "resp_plasmacytoma_spd") in findings("response", [spd])
    plasmacytoma = {"plasmacytoma_type": "EMD"}
    assert ("applies", "resp_plasmacytoma_spd") not in findings("response", [spd], baseline=plasmacytoma)


def test_the_source_is_asked_only_where_the_dates_do_not_decide():
    line = {
        "line_no": 1,
        "line_best_response": "PR",
        "line_progressed": "Y",
        "line_progression_date": "2022-05-15",
    }
    drug = {"line_no_ref": 1, "drug": "LEN", "drug_start": "2021-01", "drug_last_dose": "2022-03"}
    assert ("required", "drug_refractory_asserted") in findings("prior_line_drug", [drug], prior_line=[line])
    decided = drug | {"drug_last_dose": "2022-05-01"}
    assert ("required", "drug_refractory_asserted") not in findings(
        "prior_line_drug", [decided], prior_line=[line]
    )


@pytest.mark.parametrize(
    ("calcium", "albumin", "applies"), [("10.4", "2.5", True), ("10.4", "4.0", False), ("11.2", None, True)]
)
def test_hypercalcemia_is_asked_above_11_corrected(calcium, albumin, applies):
    entries = {"resp_calcium": calcium, "resp_hypercalc_mm": "Y"} | (
        {"resp_albumin": albumin} if albumin else {}
    )
    assert (("applies", "resp_hypercalc_mm") not in findings("response", [entries])) is applies


def test_hypercalcemia_without_calcium_does_not_apply():
    assert ("applies", "resp_hypercalc_mm") in findings("response", [{"resp_hypercalc_mm": "Y"}])


def test_hard_limits_are_errors_and_soft_limits_warnings():
    assert findings("baseline", {"hb": "26"})["limit", "hb"].severity is Severity.ERROR
    soft = findings("baseline", {"hb": "18"})["limit", "hb"]
    assert (soft.severity, soft.params["limit"]) == (Severity.WARNING, "17 g/dL")
    assert ("limit", "hb") not in findings("baseline", {"hb": "17"})


def test_a_limit_that_refers_to_another_date_moves_with_it():
    early = findings("baseline", {"baseline_lab_date": "2021-12-09"})["limit", "baseline_lab_date"]
    assert early.severity is Severity.ERROR
    soft = findings("baseline", {"baseline_lab_date": "2022-02-09"})["limit", "baseline_lab_date"]
    assert soft.severity is Severity.WARNING
    # The day itself, not the name of the answer it hangs on.
    assert soft.params["limit"] == "2022-02-10"
    assert (
        findings("baseline", {"baseline_lab_date": "2022-03-11"})["limit", "baseline_lab_date"].check
        == "limit"
    )


def test_a_partial_date_is_out_of_range_only_when_every_day_of_it_is():
    assert ("limit", "dx_date") not in findings("diagnosis", {"dx_date": "2022-03"})
    assert findings("diagnosis", {"dx_date": "2022-04"})["limit", "dx_date"].severity is Severity.ERROR


def test_constants_and_today_refuse_outright():
    hb, contact = FORMS["baseline"].variable("hb"), FORMS["follow_up"].variable("contact_date")
    assert limits.refused(hb, read(hb, "26"), TODAY)
    assert (
        limits.refused(contact, read(contact, "2024-07-01"), TODAY).message == "This date is in the future."
    )
    assert limits.refused(contact, read(contact, "2024-06-30"), TODAY) is None
    lab_date = FORMS["baseline"].variable("baseline_lab_date")
    assert limits.refused(lab_date, read(lab_date, "2000-01-01"), TODAY) is None


def test_completeness_counts_core_answers_also_of_forms_not_begun():
    nothing = quality(Facts.from_json({})).core
    assert nothing.answered == 0
    some = quality(Facts.from_json({"demographics": {"sex": "F", "birth_date": "1954-06"}})).core
    assert (some.applicable, some.answered) == (nothing.applicable, 2)
    facts = Facts.from_json(START | {"demographics": {"sex": "F"}})
    assert [v.name for v in completeness.owed(facts, facts.one("demographics"), core_only=False)] == [
        "birth_date"
    ]


def test_after_a_refused_consent_nothing_more_is_owed():
    refused = quality(Facts.from_json({"enrolment": {"consent_status": "REFUSED"}})).core
    assert refused.applicable == sum(v.core and v.required == "always" for v in FORMS["enrolment"])
