"""D34, counted by hand: what of a case and of a center is answered, how much of it is a value, what is NK."""

from registry.dictionary.facts import Facts
from registry.edit_checks.completeness import Completeness
from registry.edit_checks.quality import pooled, quality

NK, ND = {"missing": "NK"}, {"missing": "ND"}

# After a refusal nothing but the enrolment is owed: of its seven core questions three have an answer, one of
# them a missing reason.
REFUSED = {
    "enrolment": {"patient_code": "IT001-0002", "consent_status": "REFUSED", "in_interventional_trial": NK}
}

# Baseline asks 17 core questions: five have an answer, two of them a value. The limit of normal is core, but
# never required. Of each drug its line and name are asked, of bortezomib and thalidomide two dates besides;
# and, as the line tells no dates, of all three whether the source calls the disease refractory.
BEGUN = {
    "baseline": {"weight_kg": NK, "hb": NK, "creatinine": ND, "ecog": "1", "albumin": "3.6"},
    "prior_line": [{"line_no": 1, "line_progressed": "N"}],
    "prior_line_drug": [
        {"line_no_ref": 1, "drug": "DEX"},
        {"line_no_ref": 1, "drug": "BOR", "drug_start": NK, "drug_last_dose": NK},
        {"drug": "THAL", "drug_start": NK, "drug_last_dose": "2020-01-31"},
    ],
}


def test_after_a_refusal_only_the_enrolment_counts():
    found = quality(Facts.from_json(REFUSED))
    assert found.forms == {"enrolment": Completeness(applicable=7, answered=3, valued=2)}
    assert found.owed["enrolment"] == ("enrolment_mode", "index_regimen", "elig_mm_confirmed", "elig_rrmm")
    assert (found.core.percent, found.core.percent_valued) == (42, 28)


def test_a_missing_reason_is_an_answer_and_no_value():
    found = quality(Facts.from_json(BEGUN))
    assert found.forms["baseline"] == Completeness(applicable=17, answered=5, valued=2)
    assert "ldh_uln_sample" not in found.owed["baseline"]


def test_rows_of_a_form_are_added_up():
    drugs = quality(Facts.from_json(BEGUN)).forms["prior_line_drug"]
    # 2 of 3 with two values, 4 of 5 with two, 3 of 5 with two.
    assert drugs == Completeness(applicable=13, answered=9, valued=6)


def test_a_form_not_begun_counts_as_an_empty_row_where_every_patient_has_one():
    found = quality(Facts.from_json(BEGUN))
    assert found.forms["demographics"] == Completeness(applicable=2, answered=0, valued=0)
    assert found.owed["demographics"] == ("birth_date", "sex")
    assert not {"adverse_event", "subsequent_therapy", "response"} & set(found.forms)


def test_key_values_that_nobody_knows_are_counted():
    # Not done is known: creatinine is ND.
    assert quality(Facts.from_json(BEGUN)).not_known == {
        "weight_kg": 1,
        "hb": 1,
        "drug_start": 2,
        "drug_last_dose": 1,
    }


def test_a_center_is_its_patients_together():
    cases = [quality(Facts.from_json(case)) for case in (REFUSED, BEGUN, BEGUN)]
    found = pooled(cases)
    assert found.forms["baseline"] == Completeness(applicable=34, answered=10, valued=4)
    # Of the two that are begun, the enrolment is owed as a whole.
    assert found.forms["enrolment"] == Completeness(applicable=21, answered=3, valued=2)
    assert found.not_known["drug_start"] == 4
    assert found.core.answered == sum(case.core.answered for case in cases)


def test_nothing_is_no_percentage():
    assert pooled([]).core == Completeness()
    assert Completeness().percent == Completeness().percent_valued == 0
