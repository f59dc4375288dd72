"""One process at a time; a dead one is taken over; a sleeping one that wakes notices."""

import threading
from datetime import timedelta

import pytest
from django.db import OperationalError
from django.db.models.functions import Now

from analytics.models import Lease
from analytics.reports import lease
from analytics.reports.lease import LeaseLost, holding, take

pytestmark = pytest.mark.django_db


def _expire(name: str) -> None:
    Lease.objects.filter(name=name).update(expires_at=Now() - timedelta(milliseconds=1))


def test_a_lease_is_held_by_one_at_a_time() -> None:
    held = take("work")
    assert held is not None
    assert take("work") is None
    held.release()
    assert take("work") is not None


def test_leases_of_different_work_do_not_meet() -> None:
    assert take("work") is not None
    assert take("other work") is not None


def test_every_change_of_hands_has_a_higher_token() -> None:
    first = take("work")
    first.release()
    second = take("work")
    assert second.token > first.token


def test_a_dead_holder_is_taken_over_once_the_lease_has_expired() -> None:
    dead = take("work")
    assert take("work") is None
    _expire("work")
    heir = take("work")
    assert heir is not None
    assert heir.token > dead.token


def test_who_slept_through_the_expiry_may_neither_store_nor_renew_nor_release() -> None:
    sleeper = take("work")
    _expire("work")
    heir = take("work")
    with pytest.raises(LeaseLost):
        sleeper.check()
    with pytest.raises(LeaseLost):
        sleeper.renew()
    sleeper.release()
    heir.check()


def test_an_expired_lease_that_nobody_took_is_still_ones_own() -> None:
    held = take("work")
    _expire("work")
    held.renew()
    assert take("work") is None


def test_a_pause_paces_the_work_whoever_does_it() -> None:
    take("work").release()
    assert take("work", pause=timedelta(hours=1)) is None
    Lease.objects.update(taken_at=Now() - timedelta(hours=2))
    assert take("work", pause=timedelta(hours=1)) is not None


def test_a_failure_gives_the_lease_back() -> None:
    with pytest.raises(ZeroDivisionError), holding("work"):
        raise ZeroDivisionError
    assert take("work") is not None


def test_holding_what_another_holds_yields_nothing_and_takes_nothing_away() -> None:
    held = take("work")
    with holding("work") as second:
        assert second is None
    held.check()


@pytest.mark.django_db(transaction=True)
def test_a_lease_is_renewed_for_as_long_as_the_work_takes(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(lease, "RENEWAL_SECONDS", 0.01)
    with holding("work") as held:
        _expire("work")
        for _ in range(500):
            if Lease.objects.filter(name="work", expires_at__gt=Now()).exists():
                break
        assert held is not None
        assert Lease.objects.filter(name="work", expires_at__gt=Now()).exists()


@pytest.mark.django_db(transaction=True)
def test_a_database_that_fails_once_does_not_end_the_renewing(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(lease, "RENEWAL_SECONDS", 0.01)
    calls: list[int] = []
    renewed = threading.Event()

    def renew(held: lease.Held) -> None:
        calls.append(1)
        if len(calls) == 1:
            raise OperationalError("the server is restarting")
        renewed.set()

    monkeypatch.setattr(lease.Held, "renew", renew)
    with holding("work"):
        assert renewed.wait(timeout=30)
