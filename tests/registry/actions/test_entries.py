"""Entries nobody can store: what the person is told."""

from datetime import date

import pytest

from registry.actions.entries import read_entries
from registry.exceptions import InvalidEntries
from registry.models import Baseline

TODAY = date(2024, 6, 30)


@pytest.mark.parametrize(
    ("variable", "typed", "message"),
    [
        ("hb", "111", "Hb 111 g/dL is impossible; did you mean 111 g/L (11.1 g/dL)?"),
        ("creatinine", "97", "Serum creatinine looks like µmol/L. Convert to 1.1 mg/dL?"),
        # Nobody knows what was meant.
        ("hb", "1.9", "Not below 2 g/dL."),
        ("weight_kg", "300", "Not above 250 kg."),
        ("baseline_lab_date", "2024-07-01", None),
        ("urine_m_protein", "1.2", None),
    ],
)
def test_a_number_of_another_unit_is_refused_with_the_unit_it_betrays(variable, typed, message) -> None:
    """What page, API, admin and import all read through."""
    if message is None:
        assert variable in read_entries(Baseline, {variable: typed}, 1, TODAY)
        return
    with pytest.raises(InvalidEntries) as refused:
        read_entries(Baseline, {variable: typed}, 1, TODAY)
    assert refused.value.errors == {("baseline", 1, variable): [message]}
