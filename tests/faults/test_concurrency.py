"""C1, C2, C16: several people at once lose nothing and make nothing twice."""

import time

import pytest
from django.db import connection

from registry.actions import data_query, record
from registry.audit.verify import differences
from registry.exceptions import StaleVersion, TokenReused
from registry.models import Baseline, Case, DataQuery, Event, FollowUp
from tests import factories
from tests.faults.scale import in_parallel, say, scaled

pytestmark = [pytest.mark.faults, pytest.mark.django_db(transaction=True, databases=["default"])]


@pytest.fixture
def case():
    return factories.empty_case(factories.center())


def fresh(case):
    return Case.objects.filter(pk=case.pk).select_related("center").scoped().get()


def test_c1_of_two_people_who_edit_one_version_one_wins(case):
    """C1: one wins, the other is told what is stored; no update is lost."""
    version = factories.row(case, "baseline", {"hb": "10"}).version
    pairs = scaled(1000)
    for number in range(pairs):

        def edit(who, number=number, version=version):
            entries = {"hb": f"{5 + number % 100 / 10 + who / 100:.2f}"}
            return record.save(factories.SYSTEM, fresh(case), "baseline", entries, seq=1, version=version)

        answers = in_parallel([lambda: edit(1), lambda: edit(2)], workers=2)
        won = [answer for answer in answers if isinstance(answer, Baseline)]
        lost = [answer for answer in answers if isinstance(answer, StaleVersion)]
        assert (len(won), len(lost)) == (1, 1), answers
        assert lost[0].row.hb_entered == won[0].hb_entered
        version = won[0].version
    stored = Baseline.objects.filter(case=case).scoped().get()
    assert stored.version == 1 + pairs
    assert Event.objects.filter(row_id=str(stored.pk)).count() == 1 + pairs
    assert list(differences()) == []


def test_c2_one_token_fifty_times_in_parallel_makes_one_row(case):
    """C2: 1 row; the same token with another body is refused."""
    for number in range(scaled(10)):
        entries = {"contact_date": f"2023-01-{number % 28 + 1:02d}", "vital_status": "ALIVE"}
        token = f"token-{number}"

        def submit(entries=entries, token=token):
            return record.save(factories.SYSTEM, fresh(case), "follow_up", entries, token=token)

        answers = in_parallel([submit] * 50, workers=10)
        assert {getattr(answer, "pk", answer) for answer in answers} == {answers[0].pk}
        assert FollowUp.objects.filter(case=case).scoped().count() == number + 1
        with pytest.raises(TokenReused):
            record.save(factories.SYSTEM, case, "follow_up", entries | {"vital_status": "LTFU"}, token=token)
    assert list(differences()) == []


def test_c16_eight_writers_never_find_the_database_locked(capsys):
    """C16: 0 "locked" with 8 writers; the rate is printed, its goal being 50 saves a second."""
    at = factories.center()
    cases = [factories.empty_case(at) for _ in range(8)]
    saves = scaled(200)

    def write(case):
        stored = fresh(case)
        version = record.save(factories.SYSTEM, stored, "baseline", {"hb": "10"}).version
        for number in range(saves):
            entries = {"hb": f"{6 + number % 100 / 10:.1f}"}
            saved = record.save(factories.SYSTEM, stored, "baseline", entries, seq=1, version=version)
            version = saved.version
        return version

    started = time.perf_counter()
    answers = in_parallel([lambda case=case: write(case) for case in cases], workers=8)
    rate = 8 * saves / (time.perf_counter() - started)
    say(capsys, f"8 writers on {connection.vendor}: {rate:.0f} saves/s")
    assert answers == [answers[0]] * 8, answers
    assert list(differences()) == []


def test_of_two_people_who_confirm_one_query_one_does(case):
    """The second one is told; the reason of the first stays."""
    at = case.center
    for number in range(scaled(20)):
        query = factories.warning(at)

        def confirm(reason, query=query):
            # Each as another process reads it.
            seen = DataQuery.objects.select_related("case__center").scoped().get(pk=query.pk)
            data_query.confirm(factories.SYSTEM, seen, reason)
            return reason

        answers = in_parallel([lambda: confirm("first"), lambda: confirm("second")], workers=2)
        said = [answer for answer in answers if isinstance(answer, str)]
        late = [answer for answer in answers if isinstance(answer, StaleVersion)]
        assert (len(said), len(late)) == (1, 1), (number, answers)
        assert DataQuery.objects.scoped().get(pk=query.pk).reason == said[0]
    assert list(differences()) == []
