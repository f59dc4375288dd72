"""The derived values of the 51 equal the prescribed numbers, which no derivation ever sees."""

import math
from decimal import Decimal
from fractions import Fraction

import pytest

from registry.management.study_cohort import published
from tests.registry.study_cohort.cases import derived, members

ROWS = published.rows()
REGIMENS = {
    "D": "DARA",
    "DRd": "DARA-LEN-DEX",
    "DVd": "DARA-BOR-DEX",
    "DVTd": "DARA-BOR-THAL-DEX",
    "DVCd": "DARA-BOR-CYC-DEX",
    "DVRd": "DARA-BOR-LEN-DEX",
    "DVMP": "DARA-BOR-MEL-DEX",
}
ISOTYPES = {"LC": "Light chain only"}
AS_DERIVED = {"0": "NO", "1": "YES"}


def half_up(value, places=0):
    """Round an exact fraction half-up."""
    scale = 10**places
    return Decimal(math.floor(Fraction(value) * scale + Fraction(1, 2))) / scale


def value(row, name):
    answer = derived()[row["pid"]][name]
    assert answer.status == "OK", f"{name}: {answer.reason}"
    return answer.value


def test_the_file_holds_51_patients_and_says_that_they_are_synthetic():
    assert len(ROWS) == 51
    assert "SYNTHETIC" in published.PATH.read_text(encoding="utf-8").splitlines()[0]


@pytest.mark.parametrize("row", ROWS, ids=[row["pid"] for row in ROWS])
class TestPrescribedPatient:
    def test_demographics_and_disease(self, row):
        assert value(row, "age_at_start") == int(row["age"])
        assert value(row, "isotype_group") == ISOTYPES.get(row["isotype"], row["isotype"])
        assert half_up(value(row, "crcl_cg")) == int(row["crcl"])
        assert value(row, "crcl_group") == ("≥60" if int(row["crcl"]) >= 60 else "<60")
        assert value(row, "iss") == row["iss"]
        assert value(row, "ldh_status") == ("HIGH" if row["ldh_elevated"] == "1" else "NORMAL")
        assert value(row, "disease_status") == row["disease_status"].upper()
        assert value(row, "hb_lt_11_8") == ("YES" if Decimal(row["hb"]) < Decimal("11.8") else "NO")
        assert value(row, "hb_lt_11_0") == ("YES" if Decimal(row["hb"]) < 11 else "NO")

    def test_cytogenetics(self, row):
        risk = derived()[row["pid"]]["cyto_risk"]
        assert (risk.value or "NA") == (row["cyto"] if row["cyto"] == "NA" else row["cyto"].upper())

    def test_prior_therapy(self, row):
        assert value(row, "n_prior_lines") == int(row["n_prior_lines"])
        assert value(row, "prior_asct") == AS_DERIVED[row["asct"]]
        assert value(row, "dara_refractory") == AS_DERIVED[row["dara_ref"]]
        assert value(row, "len_refractory") == AS_DERIVED[row["len_ref"]]
        assert value(row, "pi_refractory") == AS_DERIVED[row["pi_ref"]]
        assert value(row, "tcr") == AS_DERIVED[row["pi_ref"]]

    def test_daratumumab(self, row):
        assert value(row, "dara_last_therapy") == AS_DERIVED[row["dara_last"]]
        assert value(row, "lines_between_dara_isapd") == int(row["lines_between"])
        assert half_up(value(row, "dara_isapd_interval_months")) == int(row["dara_to_isapd_months"])
        assert value(row, "dara_int_ge6") == ("YES" if int(row["dara_to_isapd_months"]) >= 6 else "NO")
        assert value(row, "dara_int_ge12") == ("YES" if int(row["dara_to_isapd_months"]) >= 12 else "NO")
        assert value(row, "dara_cycles") == int(row["dara_cycles"])
        assert value(row, "dara_regimen") == REGIMENS[row["dara_regimen"]]

    def test_outcome(self, row):
        assert value(row, "bor") == row["best_response"].upper()
        for name, event in (("pfs", "pfs_event"), ("os", "os_event"), ("ttnt", "ttnt_event")):
            assert value(row, f"{name}_days") == int(row[f"{name}_days"])
            assert value(row, event.replace("ttnt_event", "ttnt_status")) == int(row[event])
        assert half_up(value(row, "pfs_months"), 2) == Decimal(row["pfs_months"])
        assert half_up(value(row, "os_months"), 2) == Decimal(row["os_months"])

    def test_belongs_to_the_cohort(self, row):
        assert value(row, "cohort_paper") == "YES"
        assert value(row, "cohort_dara_r") == "YES"


def test_the_daratumumab_refractory_cohort_is_the_51_and_nobody_else():
    assert members("cohort_dara_r") == [row["pid"] for row in ROWS]


def test_the_hemoglobin_is_the_prescribed_one_in_whatever_unit_it_was_entered():
    from tests.registry.study_cohort.cases import facts

    entered = {row["pid"]: facts()[row["pid"]].one("baseline")["hb"] for row in ROWS}
    assert {pid: hb.canonical for pid, hb in entered.items()} == {
        row["pid"]: Fraction(row["hb"]) for row in ROWS
    }
    assert {hb.unit for hb in entered.values()} == {"g/dL", "g/L"}
