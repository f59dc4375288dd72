"""The grammar of required-when and shown-when."""

from typing import Any

import pytest

from registry.dictionary.catalog import FORMS
from registry.dictionary.conditions import (
    CORRECTED_CALCIUM_ABOVE_11,
    REFRACTORINESS_UNDECIDED,
    ConditionError,
    parse_condition,
)
from registry.terminology.missing import Missing

TEXTS = sorted(
    {
        text
        for form in FORMS.values()
        for variable in form
        for text in (variable.required, variable.shown)
        if text
    }
)


def holds(text: str, **answers: Any) -> bool:
    return parse_condition(text).holds(answers.get)


@pytest.mark.parametrize("text", TEXTS)
def test_every_text_of_the_dictionary_is_understood(text: str) -> None:
    condition = parse_condition(text)
    assert condition.holds({}.get) is (text == "always")
    named = set(condition.variables())
    assert bool(named) is (
        text not in ("always", "no", f"when {REFRACTORINESS_UNDECIDED}", CORRECTED_CALCIUM_ABOVE_11)
    )


@pytest.mark.parametrize(
    ("text", "answers", "expected"),
    [
        ("fish_done = Y", {"fish_done": "Y"}, True),
        ("fish_done = Y", {"fish_done": "N"}, False),
        ("fish_done=Y", {"fish_done": "Y"}, True),
        ("when consent_status in (SIGNED,WITHDRAWN)", {"consent_status": "WITHDRAWN"}, True),
        ("when consent_status in (SIGNED,WITHDRAWN)", {"consent_status": "REFUSED"}, False),
        ("line_transplant != NONE", {"line_transplant": "AUTO1"}, True),
        ("line_transplant != NONE", {"line_transplant": "NONE"}, False),
        # A blank or missing answer satisfies no comparison.
        ("line_transplant != NONE", {}, False),
        ("line_transplant != NONE", {"line_transplant": Missing.NK}, False),
        ("fish_done = NK", {"fish_done": Missing.NK}, False),
        # Several answers: one of them is enough.
        ("cycle_modification != NONE", {"cycle_modification": ("NONE",)}, False),
        ("cycle_modification != NONE", {"cycle_modification": ("DELAY",)}, True),
        ("cycle_modification in (DELAY,POM_RED)", {"cycle_modification": ("DEX_RED", "DELAY")}, True),
        ("bmpc_pct entered", {"bmpc_pct": 0}, True),
        ("bmpc_pct entered", {"bmpc_pct": Missing.ND}, False),
        ("bmpc_pct entered", {"bmpc_pct": ()}, False),
        ("serum_m_protein or urine_m_protein or flc_kappa entered", {"flc_kappa": 3}, True),
        ("serum_m_protein or urine_m_protein or flc_kappa entered", {"serum_m_protein": Missing.ND}, False),
        (
            "heavy_chain=IGG and light_chain=K and resp_serum_ife=POS",
            {"heavy_chain": "IGG", "light_chain": "K"},
            False,
        ),
        (
            "heavy_chain=IGG and light_chain=K and resp_serum_ife=POS",
            {"heavy_chain": "IGG", "light_chain": "K", "resp_serum_ife": "POS"},
            True,
        ),
        ("sex = F or dialysis = Y", {"dialysis": "Y"}, True),
        ("sex = F or dialysis = Y", {"sex": "M", "dialysis": "N"}, False),
    ],
)
def test_meaning(text: str, answers: dict[str, Any], expected: bool) -> None:
    assert holds(text, **answers) is expected


@pytest.mark.parametrize("sentence", [REFRACTORINESS_UNDECIDED, CORRECTED_CALCIUM_ABOVE_11])
def test_named_predicates_mean_what_the_evaluator_says(sentence: str) -> None:
    condition = parse_condition(f"when {sentence}")
    assert condition.holds({}.get, {sentence: True})
    assert not condition.holds({}.get, {sentence: False})
    assert not condition.holds({}.get)
    assert condition.variables() == ()


def test_predicates_reach_every_term() -> None:
    both = parse_condition(f"sex = F or {REFRACTORINESS_UNDECIDED}")
    assert both.holds({}.get, {REFRACTORINESS_UNDECIDED: True})
    assert both.variables() == ("sex",)


@pytest.mark.parametrize(
    "text", ["", "sometimes", "sex > F", "Sex = F", "sex in F", "sex = F and", "drug in (LEN, DARA)", "when"]
)
def test_what_the_grammar_does_not_know(text: str) -> None:
    with pytest.raises(ConditionError, match="unknown condition"):
        parse_condition(text)
