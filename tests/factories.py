"""People, centers and cases for tests, made as the application makes them: through actions.

factory_boy builds the arguments; the actions write the rows, so every test case has its audit trail.
"""

from itertools import count
from typing import Any

import factory

from registry.actions import case as case_actions
from registry.actions import center as center_actions
from registry.actions import check_rules as rules_actions
from registry.actions import data_query as query_actions
from registry.actions import people
from registry.actions import record as record_actions
from registry.actions.rules_preview import preview
from registry.audit.actor import Actor
from registry.models import Case, CaseRow, Center, CheckRules, DataQuery, User
from registry.terminology.roles import Role

PASSWORD = "correct horse battery staple"
SYSTEM = Actor.system("tests")
_numbers = count(1)


class CenterEntries(factory.DictFactory):
    """Entries of a center that opened in 2020."""

    center_code = factory.Sequence(lambda n: f"IT{n % 900 + 100:03d}")
    center_name = factory.LazyAttribute(lambda entries: f"Hospital {entries.center_code}")
    center_country = "IT"
    center_pi_name = "Dr. Test Investigator"
    ec_reference = "EC 1/2020"
    ec_approval_date = "2020-01-15"
    center_activation_date = "2020-02-01"


class LabrefEntries(factory.DictFactory):
    """A laboratory whose LDH is normal up to 245 U/L."""

    labref_valid_from = "2015-01-01"
    ldh_uln = "245"
    flc_ratio_low = "0.26"
    flc_ratio_high = "1.65"


def center(**entries: Any) -> Center:
    """A center with its reference ranges."""
    made = center_actions.create(SYSTEM, CenterEntries(**entries))
    center_actions.save_labref(SYSTEM, made, LabrefEntries())
    return made


def user(*roles: Role, at: Center | None = None, **attributes: Any) -> User:
    """A person with these roles, those of a center held at `at`; the password is `PASSWORD`."""
    number = next(_numbers)
    made = people.invite(
        SYSTEM,
        attributes.get("email", f"person{number}@example.test"),
        attributes.get("name", f"Person {number}"),
        password=PASSWORD,
    )
    for role in roles:
        people.grant(SYSTEM, made, role, at if role.at_center else None)
    return made


def record(**forms: Any) -> dict[str, Any]:
    """The case of the specification's section E, in the JSON entry format; `forms` replace whole forms."""
    return FIXTURE | forms


def case(at: Center, **forms: Any) -> Case:
    """The fixture case at a center, every row complete, whatever is unusual about `forms` confirmed."""
    return case_actions.enter(SYSTEM, at, record(**forms), complete=True, confirm="as the test wants it")


def warning(at: Center) -> DataQuery:
    """An open warning: a later start has left the fixture's baseline sample too far behind."""
    made = case(at)
    later = {"isapd_start_date": "2022-04-20"}
    record_actions.save(SYSTEM, made, "isapd_treatment", later, seq=1, version=1, reason="tests")
    found: DataQuery = DataQuery.objects.filter(case=made, variable="baseline_lab_date").scoped().get()
    return found


def question(of: Case, form: str, variable: str, *, by: Actor = SYSTEM) -> DataQuery:
    """A person's open question about a field of the first row of a form."""
    return query_actions.raise_question(by, of, form, 1, variable, "Is this 50 % right?")


def counted_rules(**settings: int) -> CheckRules:
    """Proposed rules of the edit checks of which the effect is known."""
    rules_actions.propose(SYSTEM, settings, "tests")
    counted = preview()
    assert counted is not None
    return counted


def empty_case(at: Center) -> Case:
    """A case of which only the enrolment form is filled."""
    return case_actions.enroll(SYSTEM, at, FIXTURE["enrolment"])


def row(of: Case, form: str, entries: dict[str, Any], **options: Any) -> CaseRow:
    """A new row of one form."""
    return record_actions.save(SYSTEM, of, form, entries, **options)


def _drug(line: int, drug: str, start: str, last: str) -> dict[str, Any]:
    return {
        "line_no_ref": line,
        "drug": drug,
        "drug_start": start,
        "drug_last_dose": last,
        "drug_phase": ["IND"],
    }


def _line(line: int, start: str, stop: str, best: str, progression: str, **more: Any) -> dict[str, Any]:
    return {
        "line_no": line,
        "line_start": start,
        "line_stop": stop,
        "line_cycles": 6,
        "line_transplant": "NONE",
        "line_best_response": best,
        "line_progressed": "Y",
        "line_progression_date": progression,
        "line_stop_reason": "PD",
    } | more


def _visit(day: str, serum: str, response: str) -> dict[str, Any]:
    return {
        "resp_date": day,
        "resp_investigator": response,
        "resp_serum_m": serum,
        "resp_urine_m": "60",
        "resp_bm_done": "N",
        "resp_imaging_done": "N",
    }


# Section E of the specification: IT001-0001, three prior lines, daratumumab-refractory.
FIXTURE: dict[str, Any] = {
    "enrolment": {
        "enrolment_date": "2022-03-01",
        "enrolment_mode": "RETRO",
        "index_regimen": "ISAPD",
        "consent_status": "SIGNED",
        "consent_date": "2022-03-01",
        "elig_mm_confirmed": "Y",
        "elig_rrmm": "Y",
        "in_interventional_trial": "N",
    },
    "demographics": {"birth_date": "1954-06", "sex": "F"},
    "diagnosis": {"dx_date": "2018-03", "heavy_chain": "IGG", "light_chain": "K"},
    "prior_line": [
        _line(
            1,
            "2018-04-10",
            "2020-02-10",
            "VGPR",
            "2020-02-20",
            line_transplant="AUTO1",
            line_transplant_date="2018-10-01",
        ),
        _line(2, "2020-03-05", "2021-06-30", "PR", "2021-07-10"),
        _line(3, "2021-07-20", "2022-02-10", "SD", "2022-02-15"),
    ],
    "prior_line_drug": [
        _drug(1, "BOR", "2018-04-10", "2018-08-20"),
        _drug(1, "THAL", "2018-04-10", "2018-08-20"),
        _drug(1, "LEN", "2019-01-15", "2020-02-10") | {"drug_phase": ["MAINT"]},
        _drug(2, "DARA", "2020-03-05", "2021-06-30"),
        _drug(2, "BOR", "2020-03-05", "2020-08-15"),
        _drug(3, "CAR", "2021-07-20", "2022-02-10"),
        _drug(3, "LEN", "2021-07-20", "2022-02-10"),
    ],
    "baseline": {
        "baseline_lab_date": "2022-03-08",
        "ecog": "1",
        "weight_kg": "64",
        "hb": "10.4",
        "rbc_transfusion_28d": "N",
        "platelets": "180",
        "neutrophils": "2.4",
        "creatinine": "1.1",
        "dialysis": "N",
        "albumin": "3.6",
        "b2m": "4.2",
        "ldh": "260",
        "ldh_uln_sample": "245",
        "serum_m_protein": "2.8",
        "urine_m_protein": "60",
        "m_protein_date": "2022-03-08",
        "plasmacytoma_type": "NONE",
        "relapse_biochemical": "Y",
        "crab_calcium": "N",
        "crab_renal": "N",
        "crab_anemia": "N",
        "crab_bone": "N",
        "relapse_plasmacytoma_new": "N",
        "comorbidities": ["DM"],
    },
    "fish": [
        {
            "fish_done": "Y",
            "fish_date": "2022-02",
            "fish_t4_14": "NEG",
            "fish_t14_16": "NEG",
            "fish_del17p": "POS",
            "fish_1q": "GAIN",
        }
    ],
    "isapd_treatment": {
        "isapd_start_date": "2022-03-10",
        "isa_start_dose_mgkg": "10",
        "pom_start_dose": "4",
        "dex_start_dose": "40",
        "isapd_ongoing": "N",
        "isapd_end_date": "2022-09-01",
        "isapd_stop_reason": "PD",
    },
    "isapd_cycle": [
        {
            "cycle_no": 1,
            "cycle_start": "2022-03-10",
            "cycle_completed": "Y",
            "isa_infusions_n": 4,
            "isa_total_mg": "2560",
            "pom_daily_mg": "4",
            "dex_weekly_mg": "40",
            "cycle_modification": ["NONE"],
        }
    ],
    "response": [
        _visit("2022-04-07", "1.9", "MR"),
        _visit("2022-05-05", "1.3", "PR"),
        _visit("2022-06-02", "1.2", "PR"),
        _visit("2022-09-01", "1.75", "PD"),
        _visit("2022-09-15", "1.9", "PD"),
    ],
    "progression": {
        "pd_occurred": "Y",
        "pd_date": "2022-09-01",
        "pd_type": "BIOCH",
        "pd_criteria": ["SERUM"],
    },
    "subsequent_therapy": [
        {"subs_line_no": 1, "subs_start": "2022-09-20", "subs_drugs": ["TEC"], "subs_reason": "PD"}
    ],
    "follow_up": [
        {
            "contact_date": "2023-04-01",
            "vital_status": "DEAD",
            "death_date": "2023-04-01",
            "death_cause": "MM",
        }
    ],
}
