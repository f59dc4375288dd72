"""C42: no data without a legal basis."""

from typing import Any

import pytest

from tests.registry.derivations.build import Raw, alive, started, visits
from tests.registry.edit_checks.found import fires, where

CENTER = {"ec_approval_date": "2021-02-01", "center_activation_date": "2021-03-01"}


def test_after_a_refusal_every_other_row_is_without_basis() -> None:
    case = {
        "enrolment": {"consent_status": "REFUSED"},
        "baseline": {"ecog": "1"},
        "follow_up": [*alive("2022-06-01"), *alive("2022-09-01")],
    }
    assert where("C42", case) == dict.fromkeys(("baseline 1", "follow_up 1", "follow_up 2"), "error")
    assert fires("C42", case | {"enrolment": {"consent_status": "SIGNED"}}) == set()
    assert fires("C42", {"enrolment": {"consent_status": "REFUSED"}}) == set()


@pytest.mark.parametrize(
    ("enrolled", "center", "expected"),
    [
        ("2021-02-15", CENTER, {"error"}),
        ("2021-01-15", CENTER, {"error"}),
        ("2021-03-01", CENTER, set()),
        ("2021-01-15", {"ec_approval_date": "2021-02-01"}, {"error"}),
        ("2021-01-15", {}, set()),
        (None, CENTER, set()),
    ],
)
def test_enrolment_before_the_center_could(enrolled: Any, center: Raw, expected: set[str]) -> None:
    assert fires("C42", {"enrolment": {"enrolment_date": enrolled}, "center": center}) == expected


def test_nothing_is_dated_after_a_withdrawal() -> None:
    withdrawn = {"consent_status": "WITHDRAWN", "consent_withdrawal_date": "2022-06-01"}
    case = started(
        enrolment=withdrawn,
        follow_up=[*alive("2022-06-01"), *alive("2022-06-02")],
        response=visits(("2022-05-01", "PR"), ("2022-07-01", "PR")),
        adverse_event=[{"ae_start": "2022-06", "ae_end": "2022-07"}],
    )
    places = ("follow_up 2 contact_date", "response 2 resp_date", "adverse_event 1 ae_end")
    assert where("C42", case) == dict.fromkeys(places, "error")
    assert fires("C42", case | {"enrolment": {"consent_status": "SIGNED"}}) == set()
