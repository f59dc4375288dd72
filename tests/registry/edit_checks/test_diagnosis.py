"""C45 FISH, C46 isotype, C47 options that exclude each other."""

from typing import Any

import pytest

from tests.registry.derivations.build import NK, started
from tests.registry.edit_checks.fired import Fired, fired

FISH_TEXT = "FISH result contradicts itself."


def labrefs(*cutoffs: tuple[str, Any]) -> list[dict[str, Any]]:
    return [{"labref_valid_from": since, "del17p_cutoff_pct": cutoff} for since, cutoff in cutoffs]


@pytest.mark.parametrize(
    ("result", "percentage", "date", "cutoffs", "fires"),
    [
        # Whatever the laboratory's cut-off is, 60 % of the nuclei are above it and 4 % below.
        ("NEG", "60", "2022-03-01", [], True),
        ("POS", "60", "2022-03-01", [], False),
        ("POS", "4.9", "2022-03-01", [], True),
        ("POS", "5", "2022-03-01", [], False),
        ("NEG", "59", "2022-03-01", [], False),
        ("POS", "9.9", "2022-03-01", [("2020-01-01", 10)], True),
        ("POS", "10", "2022-03-01", [("2020-01-01", 10)], False),
        ("NEG", "10", "2022-03-01", [("2020-01-01", 10)], True),
        ("NEG", "9.9", "2022-03-01", [("2020-01-01", 10)], False),
        ("NEG", "65", "2022-03-01", [("2020-01-01", 66)], False),
        ("POS", "15", "2022-03-01", [("2020-01-01", None)], False),
        ("FAIL", "60", "2022-03-01", [], False),
        ("NEG", NK, "2022-03-01", [], False),
        ("NEG", "60", NK, [("2020-01-01", 10)], True),
        ("NEG", "20", NK, [("2020-01-01", 10)], False),
        # The cut-off changed in the month of the sample: only what both call wrong is wrong.
        ("NEG", "20", "2022-03", [("2020-01-01", 10), ("2022-03-15", 30)], False),
        ("NEG", "30", "2022-03", [("2020-01-01", 10), ("2022-03-15", 30)], True),
        ("NEG", "20", "2022-03", [("2020-01-01", 10), ("2022-04-01", 30)], True),
    ],
)
def test_c45_del17p_and_its_percentage(
    result: str, percentage: Any, date: Any, cutoffs: list[Any], fires: bool
) -> None:
    sample = {"fish_done": "Y", "fish_date": date, "fish_del17p": result, "fish_del17p_pct": percentage}
    case = started(fish=[{"fish_done": "N"}, sample], center_labref=labrefs(*cutoffs))
    assert fired("C45", case) == ([Fired("error", "fish", 1, "fish_del17p", FISH_TEXT)] if fires else [])


@pytest.mark.parametrize(
    ("sample", "fires"),
    [
        ({"fish_done": "N", "fish_t4_14": "NEG"}, True),
        ({"fish_done": "N", "fish_1q": "AMP"}, True),
        ({"fish_done": "N", "fish_t14_16": "FAIL"}, True),
        ({"fish_done": "N", "fish_del17p_pct": "30"}, True),
        ({"fish_done": "N", "fish_t4_14": "ND"}, False),
        ({"fish_done": "N"}, False),
        ({"fish_done": NK, "fish_t4_14": "NEG"}, False),
        ({"fish_done": "Y", "fish_t4_14": "NEG"}, False),
    ],
)
def test_c45_result_of_no_sample(sample: dict[str, Any], fires: bool) -> None:
    assert fired("C45", {"fish": [sample]}) == (
        [Fired("error", "fish", 0, "fish_done", FISH_TEXT)] if fires else []
    )


@pytest.mark.parametrize(
    ("heavy", "light", "baseline", "found"),
    [
        ("NONSEC", "NONE", {"serum_m_protein": "2.1"}, ("error", "heavy_chain")),
        ("NONSEC", "NONE", {"serum_m_protein": "0.5"}, ("error", "heavy_chain")),
        ("NONSEC", "NONE", {"serum_m_protein": "0.49"}, None),
        ("NONSEC", "NONE", {"flc_kappa": "400", "flc_lambda": "10"}, ("error", "heavy_chain")),
        ("NONSEC", "NONE", {"flc_kappa": "1", "flc_lambda": "10"}, ("error", "heavy_chain")),
        ("NONSEC", "NONE", {"flc_kappa": "16.5", "flc_lambda": "10"}, None),
        ("NONE", "K", {"serum_m_protein": "0.2"}, None),
        ("NONE", "K", {"serum_m_protein": {"value": "5", "unit": "g/L"}}, ("warning", "heavy_chain")),
        ("IGG", "K", {"serum_m_protein": "3.0"}, None),
        ("IGG", "K", {"flc_kappa": "10", "flc_lambda": "400"}, ("warning", "light_chain")),
        ("NONE", "L", {"flc_kappa": "400", "flc_lambda": "10"}, ("warning", "light_chain")),
        ("NONE", "K", {"flc_kappa": "400", "flc_lambda": "10"}, None),
        ("NONE", NK, {"flc_kappa": "400", "flc_lambda": "10"}, None),
        ("NONE", "K", {"flc_kappa": NK, "flc_lambda": "10"}, None),
        (NK, "K", {"serum_m_protein": "3.0"}, None),
        ("NONSEC", "NONE", {"serum_m_protein": NK}, None),
    ],
)
def test_c46_isotype_and_m_protein(
    heavy: Any, light: Any, baseline: dict[str, Any], found: tuple[str, str] | None
) -> None:
    case = started(diagnosis={"heavy_chain": heavy, "light_chain": light}, baseline=baseline)
    text = "Isotype and M-protein disagree."
    expected = [Fired(found[0], "diagnosis", 0, found[1], text)] if found else []
    assert fired("C46", case) == expected


@pytest.mark.parametrize(
    ("form", "variable", "chosen", "fires"),
    [
        ("baseline", "comorbidities", ["NONE", "CHF"], True),
        ("baseline", "comorbidities", ["CHF"], False),
        ("baseline", "comorbidities", ["NONE"], False),
        ("baseline", "comorbidities", ["CHF", "DM"], False),
        ("baseline", "comorbidities", NK, False),
        ("diagnosis", "dx_associated", ["NONE", "AL"], True),
        ("baseline", "imaging_modality", ["NONE", "PETCT"], True),
        ("isapd_treatment", "premedication", ["NONE", "APAP"], True),
        ("isapd_cycle", "cycle_modification", ["NONE", "DELAY"], True),
        ("response", "resp_spurious", ["NONE", "FLC"], True),
        ("adverse_event", "ae_related", ["NONE", "ISA"], True),
        ("adverse_event", "ae_action", ["NONE", "ISA_STOP"], True),
    ],
)
def test_c47_none_with_others(form: str, variable: str, chosen: Any, fires: bool) -> None:
    text = "NONE cannot be combined."
    assert fired("C47", {form: [{variable: chosen}]}) == (
        [Fired("error", form, 0, variable, text)] if fires else []
    )


@pytest.mark.parametrize(
    ("kind", "size", "fires"),
    [
        ("NONE", "25", True),
        ("NONE", "0", False),
        ("NONE", NK, False),
        ("EMD", "25", False),
        (NK, "25", False),
    ],
)
def test_c47_size_of_no_plasmacytoma(kind: Any, size: Any, fires: bool) -> None:
    found = fired("C47", {"baseline": {"plasmacytoma_type": kind, "plasmacytoma_spd": size}})
    assert [each.variable for each in found] == (["plasmacytoma_spd"] if fires else [])
