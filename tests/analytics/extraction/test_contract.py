"""The frames read what the registry's derivations write."""

from __future__ import annotations

from uuid import UUID

from analytics.extraction.adrs import adrs
from analytics.extraction.adsl import adsl
from analytics.extraction.adtte import adtte
from analytics.extraction.attrition import select
from analytics.extraction.cohorts import COHORTS
from registry.derivations.case import derive
from registry.dictionary.facts import Facts
from tests.analytics.study_cut import Case, Value

# A patient of the specification's end-to-end example, as far as the report reads it.
FACTS = {
    "patient_code": "IT001-0001",
    "enrolment": {
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
        {
            "line_no": 1,
            "line_start": "2020-03-05",
            "line_stop": "2021-07-10",
            "line_transplant": "NONE",
            "line_best_response": "PR",
            "line_progressed": "Y",
            "line_progression_date": "2021-07-10",
            "line_cycles": 16,
        }
    ],
    "prior_line_drug": [
        {
            "line_no_ref": 1,
            "drug": "DARA",
            "drug_phase": ["IND"],
            "drug_start": "2020-03-05",
            "drug_last_dose": "2021-06-30",
        }
    ],
    "baseline": {
        "hb": {"value": "104", "unit": "g/L"},
        "weight_kg": 64,
        "creatinine": "1.1",
        "dialysis": "N",
        "b2m": "4.2",
        "albumin": "3.6",
    },
    "isapd_treatment": {
        "isapd_start_date": "2022-03-10",
        "isapd_end_date": "2022-09-01",
        "isapd_ongoing": "N",
    },
    "isapd_cycle": [
        {"cycle_no": 1, "cycle_start": "2022-03-10", "isa_infusions_n": 4},
        {"cycle_no": 2, "cycle_start": "2022-04-07", "isa_infusions_n": 2},
    ],
    "response": [{"resp_date": "2022-05-05", "resp_investigator": "PR"}],
    "progression": {"pd_occurred": "Y", "pd_date": "2022-09-01", "pd_criteria": ["SERUM"]},
    "follow_up": [{"contact_date": "2023-04-10", "vital_status": "DEAD", "death_date": "2023-04-01"}],
}


def case_of(facts: Facts) -> Case:
    stored = {name: Value(**derived.to_json()) for name, derived in derive(facts).items()}
    return Case(UUID(int=1), "IT001", facts, stored)


def test_a_case_that_is_only_enrolled_is_not_evaluable_and_no_error():
    case = case_of(Facts("IT001-0002"))
    for cohort in COHORTS.values():
        selected, flow = select([case], cohort)
        assert (selected, flow.enrolled, flow.analyzed) == ((), 1, 0)
    assert adsl([case])["AGE"].isna().all()
    assert (adtte([case])["ANL01FL"] == "NE").all()
    assert (adrs([case])["AVALC"] == "NE").all()


def test_a_patient_derived_from_entries():
    case = case_of(Facts.from_json(FACTS))
    (row,) = adsl([case]).to_dict("records")
    wanted = {
        "AGE": 67,
        "AGEGR1": "<70",
        "SEX": "F",
        "ISOTYPE": "IgG",
        "CRCLGR1": "<60",
        "ISS": "II",
        "HB": 10.4,
        "HBLT118": "Y",
        "HBLT110": "Y",
        "LDHSTAT": "NE",
        "LINESGR1": "1",
        "ASCTFL": "N",
        "DARAREF": "Y",
        "DARAGE6": "Y",
        "DARAGE12": "N",
        "DARALAST": "Y",
        "DARACYC": 16,
        "DARAREG": "DARA",
        "LENREF": "NOT_EXPOSED",
        "PIREF": "NOT_EXPOSED",
        "TCRFL": "N",
        "DISSTAT": "REFRACTORY",
        "CYTORISK": "NE",
        "BOR": "PR",
        "RSPFL": "Y",
    }
    assert {name: row[name] for name in wanted} == wanted
    times = adtte([case]).set_index("PARAMCD")
    assert (times.loc["PFS", "AVAL"], times.loc["PFS", "CNSR"]) == (175, 0)
    assert times.loc["PFS", "EVNTDESC"] == "Progression"
    assert (times.loc["OS", "AVAL"], times.loc["OS", "EVNTDESC"]) == (387, "Death")
    assert times.loc["TTNT", "CNSR"] == 2
    assert str(times.loc["OS", "ADT"].date()) == "2023-04-01"
    for cohort in COHORTS.values():
        _, flow = select([case], cohort)
        assert flow.analyzed == 1
