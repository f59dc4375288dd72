"""One key per answer."""

import pytest

from registry.dictionary.catalog import CASE_FORMS
from registry.dictionary.variable import Choice
from registry.forms.answer_keys import answer_keys

FEW = [v for form in CASE_FORMS.values() for v in form if 0 < len(v.choices) <= 9]


def keys(*labels: str, codes: str = "") -> str:
    choices = [Choice(codes[i] if codes else f"C{i}", label) for i, label in enumerate(labels)]
    return "".join(answer_keys(choices, labels))


@pytest.mark.parametrize(
    ("labels", "codes", "expected"),
    [
        (("Yes", "No"), "", "yn"),
        (("Sì", "No"), "", "sn"),
        (("I", "II", "III"), "", "i23"),
        (("Positive", "Negative", "Tested, not informative", "Not tested"), "", "pnt4"),
        (("None", "1 to 3", "More than 3"), "012", "012"),
        (("Über", "Unter"), "", "1u"),
    ],
)
def test_the_first_letter_or_else_the_number(labels, codes, expected) -> None:
    assert keys(*labels, codes=codes) == expected


@pytest.mark.parametrize("variable", FEW, ids=lambda variable: variable.name)
def test_no_two_answers_share_a_key(variable) -> None:
    found = answer_keys(variable.choices, [choice.label for choice in variable.choices])
    assert all(len(key) == 1 for key in found)
    assert len(set(found)) == len(found)


def test_a_long_list_has_none() -> None:
    assert set(keys(*"abcdefghij")) == set()
