"""The end-to-end fixture of the specification's section E."""

from typing import Any

CASE: dict[str, Any] = {
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
            "line_start": "2018-04-10",
            "line_stop": "2020-02-10",
            "line_cycles": 4,
            "line_transplant": "AUTO1",
            "line_best_response": "VGPR",
            "line_progressed": "Y",
            "line_progression_date": "2020-02-20",
            "line_stop_reason": "PD",
        },
        {
            "line_no": 2,
            "line_start": "2020-03-05",
            "line_stop": "2021-06-30",
            "line_cycles": 15,
            "line_transplant": "NONE",
            "line_best_response": "PR",
            "line_progressed": "Y",
            "line_progression_date": "2021-07-10",
            "line_stop_reason": "PD",
        },
        {
            "line_no": 3,
            "line_start": "2021-07-20",
            "line_stop": "2022-02-10",
            "line_cycles": 7,
            "line_transplant": "NONE",
            "line_best_response": "SD",
            "line_progressed": "Y",
            "line_progression_date": "2022-02-15",
            "line_stop_reason": "PD",
        },
    ],
    "prior_line_drug": [
        {
            "line_no_ref": number,
            "drug": code,
            "drug_start": first,
            "drug_last_dose": last,
            "drug_phase": [phase],
        }
        for number, code, first, last, phase in (
            (1, "BOR", "2018-04-10", "2018-08-20", "IND"),
            (1, "THAL", "2018-04-10", "2018-08-20", "IND"),
            (1, "DEX", "2018-04-10", "2018-08-20", "IND"),
            (1, "LEN", "2019-01-15", "2020-02-10", "MAINT"),
            (2, "DARA", "2020-03-05", "2021-06-30", "IND"),
            (2, "BOR", "2020-03-05", "2020-08-15", "IND"),
            (2, "DEX", "2020-03-05", "2020-08-15", "IND"),
            (3, "CAR", "2021-07-20", "2022-02-10", "IND"),
            (3, "LEN", "2021-07-20", "2022-02-10", "IND"),
        )
    ],
    "baseline": {
        "baseline_lab_date": "2022-03-08",
        "m_protein_date": "2022-03-08",
        "weight_kg": 64,
        "creatinine": 1.1,
        "dialysis": "N",
        "hb": 10.4,
        "b2m": 4.2,
        "albumin": 3.6,
        "ldh": 260,
        "ldh_uln_sample": 245,
        "ecog": "1",
        "comorbidities": ["DM"],
        "serum_m_protein": 2.8,
        "urine_m_protein": 60,
    },
    "fish": [
        {
            "fish_done": "Y",
            "fish_date": "2022-03-01",
            "fish_t4_14": "NEG",
            "fish_t14_16": "NEG",
            "fish_del17p": "POS",
            "fish_1q": "GAIN",
        }
    ],
    "isapd_treatment": {
        "isapd_start_date": "2022-03-10",
        "isapd_ongoing": "N",
        "isapd_end_date": "2022-08-25",
        "isapd_stop_reason": "PD",
    },
    "isapd_cycle": [
        {"cycle_no": 1, "cycle_start": "2022-03-10", "cycle_completed": "Y", "isa_infusions_n": 4},
        {"cycle_no": 2, "cycle_start": "2022-04-07", "cycle_completed": "Y", "isa_infusions_n": 2},
    ],
    "response": [
        {"resp_date": when, "resp_investigator": response, "resp_serum_m": serum}
        for when, response, serum in (
            ("2022-04-07", "MR", 1.9),
            ("2022-05-05", "PR", 1.3),
            ("2022-06-02", "PR", 1.2),
            ("2022-09-01", "PD", 1.75),
            ("2022-09-15", "PD", 1.9),
        )
    ],
    "progression": {
        "pd_occurred": "Y",
        "pd_date": "2022-09-01",
        "pd_criteria": ["SERUM"],
        "pd_confirmed": "Y",
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

# "Expected" of section E; what is shown rounded there is compared rounded.
EXPECTED: dict[str, Any] = {
    "index_start_date": "2022-03-10",
    "age_at_start": 67,
    "age_group": "<70",
    "crcl_group": "<60",
    "iss": "II",
    "ldh_status": "HIGH",
    "cyto_risk": "HIGH",
    "r_iss": "II",
    "r2_iss_total": 3.5,
    "r2_iss": "IV",
    "hb_lt_11_0": "YES",
    "hb_lt_11_8": "YES",
    "n_prior_lines": 3,
    "prior_lines_group": "3",
    "prior_asct": "YES",
    "len_refractory": "YES",
    "dara_refractory": "YES",
    "pi_refractory": "YES",
    "tcr": "YES",
    "penta_refractory": "NO",
    "dara_isapd_interval_days": 253,
    "dara_int_ge6": "YES",
    "dara_int_ge12": "NO",
    "dara_regimen": "DARA-BOR-DEX",
    "dara_cycles": 15,
    "lines_between_dara_isapd": 1,
    "dara_last_therapy": "NO",
    "disease_status": "REFRACTORY",
    "imwg_response": ["MR", "PR", "PR", "PD", "PD"],
    "bor_confirmed": "PR",
    "bor": "PR",
    "responder": "YES",
    "pd_date_analysis": "2022-09-01",
    "pfs_days": 175,
    "pfs_event": 1,
    "pfs_type": "PD",
    "os_days": 387,
    "os_event": 1,
    "ttnt_days": 194,
    "ttnt_status": 1,
    "time_to_response_days": 56,
    "dor_days": 119,
    "dor_event": 1,
    "dor_imwg_days": 119,
    "dor_imwg_event": 1,
    "cohort_paper": "YES",
    "cohort_dara_r": "YES",
    "label_ok": "YES",
    "frailty_score": 1,
    "frailty_simplified": "NONFRAIL",
    "isa_dose_mg": 640,
    "dex_dose_by_age": 40,
}
EXPECTED_DRUGS = {"BOR": "NO", "THAL": "NO", "LEN": "YES", "DARA": "YES", "CAR": "YES"}
EXPECTED_ROUNDED = {
    "crcl_cg": "50.1",
    "egfr_ckdepi2021": "55.1",
    "dara_isapd_interval_months": "8.3",
    "pfs_months": "5.7",
    "os_months": "12.7",
    "ttnt_months": "6.4",
}
EXPECTED_MONTHS_OF_DAYS = {"time_to_response_days": "1.8", "dor_days": "3.9"}
