"""C13, C14, C16, C20 for imports: whatever fails, a file is imported whole, once, or not at all."""

import contextlib
import random
import subprocess
import sys
from datetime import timedelta

import pytest
from django.db import OperationalError, connection, connections
from django.utils import timezone

from registry.actions import import_batch, record
from registry.actions.derive import stale_cases
from registry.audit.log import data_version
from registry.audit.verify import differences
from registry.imports.work import work_on_imports
from registry.models import CASE_ROWS, BatchState, Case, Event, ImportBatch, ImportWork
from tests import factories
from tests.faults.scale import in_parallel, say, scaled
from tests.faults.stack import PROJECT, server_environment
from tests.registry.imports.importing import committed, uploaded
from tests.registry.imports.workbooks import fixtures, workbook

pytestmark = [pytest.mark.faults, pytest.mark.django_db(transaction=True, databases=["default", "snapshot"])]

# A worker that is killed once it has sent so many statements of the import.
DYING_WORKER = """
import os, signal
from registry.actions import bulk
from registry.imports.work import work_on_imports
left = [{place}]
def dying(real):
    def send(self, *args):
        real(self, *args)
        left[0] -= 1
        if left[0] <= 0:
            os.kill(os.getpid(), signal.SIGKILL)
    return send
bulk.Pack.send, bulk.Pack.send_numbered = dying(bulk.Pack.send), dying(bulk.Pack.send_numbered)
work_on_imports()
"""


def patients(at) -> int:
    return Case.objects.filter(center=at).scoped().count()  # type: ignore[no-any-return]


def rows(at) -> int:
    return sum(model.objects.filter(case__center=at).scoped().count() for model in CASE_ROWS.values())


def miss_the_dead(batch: ImportBatch) -> None:
    """As if the time had passed after which a dead worker is missed."""
    ImportWork.objects.filter(batch=batch).update(expires_at=timezone.now() - timedelta(1), attempts=0)


def statements(do) -> int:
    """How many database calls `do` makes."""
    count = 0

    def counting(execute, *args):
        nonlocal count
        count += 1
        return execute(*args)

    with connection.execute_wrapper(counting):
        do()
    return count


def test_c13_a_worker_killed_in_the_middle_of_an_import_has_imported_nothing(tmp_path, capsys) -> None:
    """C13: kill -9 after the n-th statement of the transaction; the next worker imports everything."""
    (tmp_path / "data").mkdir()
    if connection.vendor == "sqlite":
        (tmp_path / "data" / "registry.sqlite3").symlink_to(connection.settings_dict["NAME"])
    environment = server_environment(tmp_path / "data") | {
        "DATA_DIR": str(tmp_path / "data"),
        # Production asks for one; nothing here talks to it.
        "REDIS_URL": "redis://127.0.0.1:1/0",
    }
    dice, kills = random.Random(13), scaled(20)
    for _ in range(kills):
        at = factories.center()
        batch = uploaded(workbook(fixtures(2)), at)
        import_batch.commit(factories.SYSTEM, batch, "from our spreadsheet")
        before = data_version()
        # Tables of 2 patients in all forms: 19 statements, two more for their events.
        code = DYING_WORKER.format(place=dice.randint(1, 18))
        command = [sys.executable, str(PROJECT / "manage.py"), "shell", "-v", "0", "-c", code]
        died = subprocess.run(command, env=environment, cwd=PROJECT, timeout=120, check=False)
        assert died.returncode == -9
        assert (patients(at), rows(at), data_version()) == (0, 0, before)
        miss_the_dead(batch)
        work_on_imports()
        assert (patients(at), rows(at)) == (2, 50)
    say(capsys, f"{kills} workers killed while they wrote: nothing half imported")
    assert list(differences()) == []
    assert list(stale_cases()) == []


def test_c20_any_database_call_that_fails_leaves_nothing_half_done(capsys) -> None:
    """C20: the i-th call of importing and of undoing fails; then it is done again, and done."""
    dice, tried = random.Random(20), 0
    content = workbook(fixtures(1))
    first = committed(uploaded(content, factories.center()))
    import_batch.undo(factories.SYSTEM, first, "to count")
    calls = statements(work_on_imports)
    for _ in range(scaled(40)):
        at = factories.center()
        batch = uploaded(content, at)
        import_batch.commit(factories.SYSTEM, batch, "from our spreadsheet")
        assert fails(dice.randint(1, calls), batch) in (0, 25)
        work_on_imports()
        assert rows(at) == 25
        import_batch.undo(factories.SYSTEM, batch, "the wrong file")
        assert fails(dice.randint(1, calls), batch) in (0, 25)
        work_on_imports()
        assert rows(at) == 0
        tried += 2
    say(capsys, f"{tried} imports and undoings of about {calls} calls failed somewhere: whole or nothing")
    assert list(differences()) == []


def fails(place: int, batch: ImportBatch) -> int:
    """Let one database call of the worker fail; how many rows there are then."""
    left = place

    def failing(execute, *args):
        nonlocal left
        left -= 1
        if left == 0:
            raise OperationalError("the disk is full")
        return execute(*args)

    with connection.execute_wrapper(failing), contextlib.suppress(OperationalError):
        work_on_imports()
    connection.close()
    miss_the_dead(batch)
    return rows(batch.center)


def test_c14_one_file_from_two_people_by_many_workers_is_imported_once(capsys) -> None:
    """C14: the same file previewed twice and imported by four workers at once."""
    content, rounds = workbook(fixtures(2)), scaled(20)
    for _ in range(rounds):
        at = factories.center()
        batches = [uploaded(content, at) for _ in range(2)]
        for batch in batches:
            import_batch.commit(factories.SYSTEM, batch, "from our spreadsheet")
        answers = in_parallel([work_on_imports] * 4, workers=4)
        assert answers == [None] * 4, answers
        # Whoever came second while the first was at it is still waiting, and then finds it done.
        work_on_imports()
        states = sorted(ImportBatch.objects.filter(center=at).values_list("state", flat=True))
        assert states == [BatchState.COMMITTED, BatchState.OUTDATED]
        assert (patients(at), rows(at)) == (2, 50)
        made = Event.objects.filter(center_id=str(at.pk), table=Case._meta.db_table)
        assert made.count() == 2
    say(capsys, f"{rounds} rounds: each file imported once")
    assert list(differences()) == []


def test_c16_nobody_is_kept_from_saving_while_a_large_file_is_imported(capsys) -> None:
    """Other people's saves all succeed, and nothing of theirs is lost."""
    at, elsewhere = factories.center(), factories.case(factories.center())
    batch = uploaded(workbook(fixtures(scaled(200))), at)
    import_batch.commit(factories.SYSTEM, batch, "from our spreadsheet")

    def save() -> int:
        saved, version = 0, 1
        while ImportBatch.objects.get(pk=batch.pk).state == BatchState.COMMITTING:
            entries = {"hb": f"{5 + saved % 900 / 100:.2f}"}
            options = {"seq": 1, "version": version, "reason": "typing"}
            version = record.save(factories.SYSTEM, elsewhere, "baseline", entries, **options).version
            saved += 1
        connections.close_all()
        return saved

    imported, saved = in_parallel([work_on_imports, save], workers=2)
    assert imported is None, imported
    assert isinstance(saved, int), saved
    say(capsys, f"{saved} saves of somebody else while {rows(at)} rows were imported")
    assert rows(at) == 25 * scaled(200)
    assert list(differences()) == []
