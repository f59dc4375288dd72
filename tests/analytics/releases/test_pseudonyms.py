"""Codes and shifts: the same within a release, others in the next, exact in between."""

from datetime import date, timedelta
from uuid import UUID

import pytest
from hypothesis import given
from hypothesis import strategies as st

from analytics.releases.pseudonyms import FARTHEST, NEAREST, draw
from registry.dictionary.values import PartialDate

ONE, OTHER = "11" * 32, "22" * 32
PATIENTS = {UUID(int=number): f"IT{number % 7:03d}" for number in range(200)}

secrets = st.binary(min_size=32, max_size=32).map(bytes.hex)
days = st.dates(date(1990, 1, 1), date(2030, 1, 1))


def test_one_secret_draws_the_same_again_in_any_order() -> None:
    backwards = dict(reversed(PATIENTS.items()))
    assert draw(ONE, PATIENTS).patients == draw(ONE, backwards).patients


def test_every_patient_has_a_code_of_their_own() -> None:
    codes = [who.code for who in draw(ONE, PATIENTS).patients.values()]
    assert len(set(codes)) == len(PATIENTS)


def test_two_releases_cannot_be_joined() -> None:
    one, other = draw(ONE, PATIENTS), draw(OTHER, PATIENTS)
    same = [case for case in PATIENTS if one.patients[case].code == other.patients[case].code]
    # By chance one patient in 200 keeps a code; a scheme that forgot the secret would keep all.
    assert len(same) < 10
    assert [one.patients[c].shift for c in PATIENTS] != [other.patients[c].shift for c in PATIENTS]
    assert one.centers != other.centers


def test_the_order_of_the_codes_is_not_that_of_the_patients() -> None:
    drawn = draw(ONE, PATIENTS).patients
    codes = [drawn[case].code for case in PATIENTS]
    assert codes != sorted(codes)


def test_a_center_has_one_code_for_all_its_patients() -> None:
    drawn = draw(ONE, PATIENTS)
    assert {who.center for who in drawn.patients.values()} == set(drawn.centers.values())
    assert all(who.center == drawn.centers[PATIENTS[case]] for case, who in drawn.patients.items())


@given(secrets)
def test_nobody_keeps_their_dates(secret: str) -> None:
    shifts = [abs(who.shift.days) for who in draw(secret, PATIENTS).patients.values()]
    assert min(shifts) >= NEAREST
    assert max(shifts) <= FARTHEST


def test_shifts_go_both_ways() -> None:
    shifts = [who.shift.days for who in draw(ONE, PATIENTS).patients.values()]
    assert 60 < sum(shift > 0 for shift in shifts) < 140


@given(secrets, days, days)
def test_intervals_are_exact(secret: str, one: date, other: date) -> None:
    who = draw(secret, {UUID(int=1): "IT001"}).patients[UUID(int=1)]
    assert who.date(one) - who.date(other) == one - other
    assert date.fromisoformat(who.partial(PartialDate(one.isoformat()))) == who.date(one)


@pytest.mark.parametrize(("text", "middle"), [("2021-03", date(2021, 3, 15)), ("2021", date(2021, 7, 1))])
@given(secret=secrets)
def test_what_was_not_known_stays_unknown(secret: str, text: str, middle: date) -> None:
    who = draw(secret, {UUID(int=1): "IT001"}).patients[UUID(int=1)]
    moved = who.partial(PartialDate(text))
    assert len(moved) == len(text)
    assert (middle + who.shift).isoformat().startswith(moved)
    assert timedelta(days=NEAREST) <= abs(who.shift)
