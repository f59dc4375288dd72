"""Regimens by name: typed as people write them, made of drugs the dictionary knows."""

import pytest

from registry.dictionary.choices import DRUGS
from registry.terminology.regimens import MAINTENANCE, REGIMENS, find, name_of

CODES = {choice.code for choice in DRUGS}


@pytest.mark.parametrize("regimen", [*REGIMENS, *MAINTENANCE], ids=lambda regimen: regimen.name)
def test_every_drug_is_a_code_of_the_dictionary(regimen) -> None:
    assert set(regimen.drugs) <= CODES
    assert len(set(regimen.drugs)) == len(regimen.drugs)


@pytest.mark.parametrize("among", [REGIMENS, MAINTENANCE])
def test_no_name_means_two_regimens(among) -> None:
    for regimen in among:
        for name in (regimen.name, *regimen.aliases):
            assert find(name, among) is regimen


@pytest.mark.parametrize(
    ("typed", "drugs"),
    [
        ("Dara-VMP", ("DARA", "BOR", "MEL", "PRED")),
        ("daravmp", ("DARA", "BOR", "MEL", "PRED")),
        ("DRd", ("DARA", "LEN", "DEX")),
        ("dara rd", ("DARA", "LEN", "DEX")),
        ("CyBorD", ("BOR", "CYC", "DEX")),
        ("krd", ("CAR", "LEN", "DEX")),
        ("Elo-Pd", ("ELO", "POM", "DEX")),
    ],
)
def test_a_name_is_found_as_people_type_it(typed: str, drugs: tuple[str, ...]) -> None:
    found = find(typed)
    assert found is not None
    assert found.drugs == drugs


@pytest.mark.parametrize("typed", ["", "  -", "Dara-X"])
def test_what_is_no_regimen_is_none(typed: str) -> None:
    assert find(typed) is None


@pytest.mark.parametrize(
    ("drugs", "name"),
    [
        ({"BOR", "LEN", "DEX"}, "VRd"),
        ({"BOR", "THAL"}, "VTd"),
        ({"DARA", "BOR", "MEL"}, "Dara-VMP"),
        ({"DARA"}, "Dara"),
        ({"DEX"}, ""),
        ({"TRIAL", "LEN"}, ""),
        (set(), ""),
    ],
)
def test_drugs_are_called_by_their_regimen(drugs: set[str], name: str) -> None:
    assert name_of(drugs) == name
