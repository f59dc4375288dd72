"""C40: the therapies after IsaPd."""

from typing import Any

import pytest

from tests.registry.derivations.build import Raw, started
from tests.registry.edit_checks.found import where


def case(last_dose: str | None, *therapies: tuple[Any, Any], **forms: Any) -> Raw:
    treatment = {"isapd_start_date": "2022-03-10", "isapd_end_date": last_dose}
    rows = [{"subs_line_no": number, "subs_start": start} for number, start in therapies]
    return started(isapd_treatment=treatment, subsequent_therapy=rows, **forms)


@pytest.mark.parametrize(
    ("last_dose", "start", "severity"),
    [
        ("2022-10-30", "2022-09-20", "error"),  # 40 days later
        ("2022-09-17", "2022-09-20", None),  # 3 days before
        ("2022-09-20", "2022-09-20", None),
        ("2022-09-21", "2022-09-20", "warning"),
        ("2022-09-27", "2022-09-20", "warning"),
        ("2022-09-28", "2022-09-20", "error"),
        (None, "2022-09-20", None),
        (None, "2022-03-10", "error"),
        (None, "2022-03-09", "error"),
        (None, "2022-03-11", None),
        ("2022-10-30", None, None),
    ],
)
def test_start(last_dose: str | None, start: str | None, severity: str | None) -> None:
    place = "subsequent_therapy 1 subs_start"
    assert where("C40", case(last_dose, (1, start))) == ({place: severity} if severity else {})


def test_a_cycle_is_a_dose() -> None:
    cycle = {"cycle_no": 8, "cycle_start": "2022-10-30"}
    found = where("C40", case(None, (1, "2022-09-20"), isapd_cycle=[cycle]))
    assert found == {"subsequent_therapy 1 subs_start": "error"}


@pytest.mark.parametrize(
    ("therapies", "rows"),
    [
        ([(1, "2022-09-20"), (2, "2023-01-10")], []),
        ([(2, "2023-01-10"), (1, "2022-09-20")], []),
        ([(1, "2023-01-10"), (2, "2022-09-20")], [2]),
        ([(1, "2023-01-10"), (2, "2023-01-10")], []),
        ([(1, "2023-01-10"), (None, "2022-09-20")], []),
        ([(1, "2023-01-10"), (1, "2022-09-20")], []),
        ([(1, "2023-01-10"), (2, None), (3, "2022-09-20")], [3]),
    ],
)
def test_order(therapies: list[tuple[Any, Any]], rows: list[int]) -> None:
    expected = {f"subsequent_therapy {row} subs_start": "error" for row in rows}
    assert where("C40", case(None, *therapies)) == expected


def test_without_a_start_only_the_order_counts() -> None:
    assert where("C40", {"subsequent_therapy": [{"subs_line_no": 1, "subs_start": "2022-09-20"}]}) == {}
