"""Every record can be entered: it reads, stays within the limits, owes nothing, and names nobody."""

import hashlib
import json
import os
import re
import subprocess
import sys
from collections import Counter
from datetime import date

import pytest

from registry.dictionary.catalog import CASE_FORMS, FORMS
from registry.dictionary.facts import Facts
from registry.dictionary.values import Measurement, PartialDate
from registry.dictionary.variable import Kind
from registry.edit_checks import completeness, limits, row
from registry.edit_checks.finding import Severity
from registry.management.study_cohort import centers
from registry.management.study_cohort.cohort import SIZE, center_rows, records, synthetic_cases
from registry.management.study_cohort.profile import LAST_DAY, Trait
from registry.terminology.missing import Missing
from tests.registry.study_cohort.cases import facts, profile_of

# Changes only when somebody changes the synthetic patients on purpose; copy the new one from the failure.
DIGEST = "a815f00344adad2ebc2a6f4a8eb9be7bef5dc6599079e735145ee490fd571778"


def every_row():
    """(reference, form, index) of every row of every case."""
    for reference, case in facts().items():
        for form in CASE_FORMS:
            yield from ((reference, form, index) for index in range(len(case.rows(form))))


def values():
    """(form, variable, value) of every entry of every case."""
    for case in facts().values():
        for rows in (*case.forms.values(), case.labrefs, (case.center,)):
            for record in rows:
                for variable in record.form:
                    if record[variable.name] is not None:
                        yield record.form.name, variable, record[variable.name]


def test_there_are_270_patients_over_at_least_26_centers():
    cases = list(synthetic_cases())
    assert len(cases) == SIZE == 270
    assert len({case.reference for case in cases}) == 270
    seen = Counter(case.center_code for case in cases)
    assert len(seen) == centers.COUNT >= 26
    assert {code[:2] for code in seen} == {"IT", "CH"}
    assert all(re.fullmatch("[A-Z]{2}[0-9]{3}", code) for code in seen)
    assert max(seen.values()) > 5 * min(seen.values()), "hospitals are not of one size"


def test_the_cohort_is_the_same_for_ever():
    text = json.dumps(list(records()), ensure_ascii=False, sort_keys=True)
    assert hashlib.sha256(text.encode()).hexdigest() == DIGEST


@pytest.mark.parametrize("seed", ["1", "4242"])
def test_the_cohort_needs_no_django_and_does_not_hang_on_hash_seed_or_time_zone(seed):
    script = (
        "import hashlib, json, sys\n"
        "from registry.management.study_cohort.cohort import records\n"
        "text = json.dumps(list(records()), ensure_ascii=False, sort_keys=True)\n"
        "print(hashlib.sha256(text.encode()).hexdigest())\n"
        "assert not {'django', 'celery', 'redis', 'rest_framework'} & set(sys.modules)\n"
    )
    environment = {**os.environ, "PYTHONHASHSEED": seed, "TZ": "Pacific/Auckland"}
    done = subprocess.run(
        [sys.executable, "-c", script], env=environment, capture_output=True, text=True, check=True
    )
    assert done.stdout.strip() == DIGEST


def test_no_value_lies_beyond_a_hard_limit():
    found = [
        (reference, form, index, finding.variable)
        for reference, form, index in every_row()
        for finding in limits.findings(facts()[reference], facts()[reference].rows(form)[index], LAST_DAY)
        if finding.severity is Severity.ERROR
    ]
    assert found == []


def test_every_row_can_be_called_complete():
    found = [
        (reference, form, index, finding.check, finding.variable)
        for reference, form, index in every_row()
        for finding in row.findings(facts()[reference], form, index, LAST_DAY)
        if finding.severity is Severity.ERROR and finding.variable != "patient_code"
    ]
    assert found == []


def test_every_required_question_is_answered_not_only_the_core_ones():
    found = [
        (reference, form, index, variable.name)
        for reference, form, index in every_row()
        for variable in completeness.owed(
            facts()[reference], facts()[reference].rows(form)[index], index, core_only=False
        )
        if variable.name != "patient_code"
    ]
    assert found == []


def test_nothing_happens_after_the_last_day():
    late = [
        (form, variable.name, str(value))
        for form, variable, value in values()
        if (isinstance(value, PartialDate) and value.earliest > LAST_DAY)
        or (isinstance(value, date) and value > LAST_DAY)
    ]
    assert late == []


def test_only_refusals_stop_at_the_enrolment_form():
    bare = {reference for reference, case in facts().items() if set(case.forms) == {"enrolment"}}
    refused = {
        reference
        for reference, case in facts().items()
        if case.one("enrolment")["consent_status"] == "REFUSED"
    }
    assert bare == refused
    assert len(refused) == 3


def test_every_form_and_nearly_every_variable_of_a_case_is_used():
    used = {(form, variable.name) for form, variable, _ in values()}
    unused = {(name, variable.name) for name, form in FORMS.items() for variable in form} - used
    assert unused <= {
        ("enrolment", "patient_code"),  # the registry issues it
        ("response", "resp_spurious"),
        ("response", "resp_calcium"),
        ("response", "resp_albumin"),
        ("response", "resp_hypercalc_mm"),
    }


def test_answers_come_in_alternative_units_with_decimal_commas_partial_and_missing():
    units = {(variable.name, value.unit) for _, variable, value in values() if isinstance(value, Measurement)}
    assert {("hb", "g/L"), ("creatinine", "umol/L"), ("ldh", "ukat/L"), ("albumin", "g/L")} <= units
    precisions = {
        (variable.name, value.precision.value)
        for _, variable, value in values()
        if isinstance(value, PartialDate)
    }
    assert {
        ("line_start", "MONTH"),
        ("dx_date", "YEAR"),
        ("death_date", "MONTH"),
        ("ae_start", "MONTH"),
    } <= precisions
    reasons = {value for _, _, value in values() if isinstance(value, Missing)}
    assert reasons == set(Missing)
    text = json.dumps([case for _, case in records()])
    assert re.search(r'"hb": "\d+,\d"', text)
    assert re.search(r'"resp_date": "\d\d/\d\d/\d{4}"', text)


def test_the_51_have_no_missing_hemoglobin_and_no_partial_treatment_date():
    for reference, profile in profile_of().items():
        if not profile.exact:
            continue
        case = facts()[reference]
        assert not any(isinstance(value, Missing) for value in dict(case.one("baseline")).values())
        assert all(record["line_stop"].is_exact for record in case.rows("prior_line"))


def test_the_text_in_the_records_names_nobody():
    allowed = re.compile(
        r"Synthetic (Hospital|Investigator) \d\d \(demo\)|SYNTHETIC-EC-\d\d/20\d\d|(IT|CH)0\d\d"
        r"|COVID-19|Herpes zoster|Hyperglycemia|Insomnia|DCEP|D-PACE|Doxorubicin, vincristine"
    )
    texts = {value for _, variable, value in values() if variable.kind is Kind.TEXT}
    assert texts
    assert [text for text in texts if not allowed.fullmatch(text)] == []


def test_every_center_is_evidently_synthetic_and_opened_before_its_first_patient():
    rows = list(center_rows())
    assert len(rows) == centers.COUNT
    for center, labrefs in rows:
        assert "Synthetic" in center["center_name"]
        assert "demo" in center["center_name"]
        assert "Synthetic" in center["center_pi_name"]
        assert center["ec_approval_date"] < center["center_activation_date"]
        assert labrefs
    for case in facts().values():
        assert case.one("enrolment")["enrolment_date"] >= case.center["center_activation_date"]


def test_the_patient_whose_age_is_open_stays_a_draft():
    drafts = [case.reference for case in synthetic_cases() if not case.complete]
    assert drafts == [
        reference for reference, profile in profile_of().items() if profile.has(Trait.UNDER_AGE)
    ]
    assert len(drafts) == 1


def test_facts_read_back_from_the_json_text():
    _, case = next(iter(records()))
    assert Facts.from_json(json.loads(json.dumps(case))) == Facts.from_json(case)
