"""C5: a web process killed in the middle of a save leaves row, event and derived case, or none of them."""

import contextlib
import itertools
import os
import random
import signal
import threading
import time
import uuid
from dataclasses import dataclass, field
from json import loads

import pytest
from django.urls import reverse

from registry.actions.derive import stale_cases
from registry.audit.replay import changes
from registry.audit.verify import differences
from registry.models import Baseline, Case
from registry.terminology.roles import Role
from tests import factories
from tests.faults.scale import in_parallel, say, scaled
from tests.faults.stack import Stack, person
from tests.faults.visitor import Unanswered, Visitor
from tests.registry.supervisor.processes import wait_until

pytestmark = [pytest.mark.faults, pytest.mark.django_db(transaction=True, databases=["default"])]


@dataclass
class Typist:
    """Saves one case's baseline again and again, and remembers what was acknowledged."""

    visitor: Visitor
    case: Case
    acknowledged: list[str] = field(default_factory=list)
    unanswered: list[str] = field(default_factory=list)

    def type_until(self, done: threading.Event) -> None:
        for number in itertools.count():
            if done.is_set():
                return
            self.save(f"{5 + number % 2000 / 100:.2f}")

    def save(self, hemoglobin: str) -> None:
        row = Baseline.objects.filter(case=self.case).scoped().get()
        fields = {
            "present": "hb",
            "hb": hemoglobin,
            "version": str(row.version),
            "token": uuid.uuid4().hex,
            "reason": "typing error",
            "do": "draft",
        }
        try:
            answer = self.visitor.post(reverse("form", args=[self.case.pk, "baseline"]), fields)
        except Unanswered:
            self.unanswered.append(hemoglobin)
        else:
            # 409: the save that nobody answered was committed after the version was read.
            assert answer.status in (302, 409), answer.status
            if answer.status == 302:
                self.acknowledged.append(hemoglobin)


def test_c5_a_save_that_is_killed_happened_whole_or_not_at_all(stack: Stack, capsys) -> None:
    """C5: kill -9 of the process that is saving, over and over."""
    at = factories.center()
    cases = [factories.case(at) for _ in range(3)]
    # Loaded before it forks, so that a killed process is replaced at once.
    stack.start("web", GUNICORN_CMD_ARGS="--preload", WEB_PROCESSES="2")
    visitor = stack.visitor(person(Role.DATA_MANAGER, at=at))
    typists = [Typist(visitor, case) for case in cases]
    done, dice, kills = threading.Event(), random.Random(5), scaled(200)

    def kill() -> None:
        try:
            for _ in range(kills):
                # At any moment of a save, but not before anybody is served again.
                before = sum(len(each.acknowledged) for each in typists)
                wait_until(lambda before=before: sum(len(each.acknowledged) for each in typists) > before, 30)
                time.sleep(dice.uniform(0, 0.1))
                with contextlib.suppress(IndexError, ProcessLookupError):
                    os.kill(dice.choice(stack.children("web")), signal.SIGKILL)
        finally:
            done.set()

    answers = in_parallel([kill, *[lambda each=each: each.type_until(done) for each in typists]], workers=4)
    assert answers == [None] * 4, answers

    stored: dict[str, list[str]] = {}
    for change in changes():
        if change.event.table == Baseline._meta.db_table and change.before:
            stored.setdefault(change.event.case_id, []).append(loads(change.after)["hb_entered"])
    acknowledged = sum(len(each.acknowledged) for each in typists)
    unanswered = sum(len(each.unanswered) for each in typists)
    committed = sum(len(saves) for saves in stored.values()) - acknowledged
    say(
        capsys,
        f"{kills} kills: {acknowledged} saves acknowledged, {unanswered} unanswered, "
        f"{committed} of which had been stored",
    )
    assert unanswered > 0, "no kill hit a save: this proved nothing"
    assert 0 <= committed <= unanswered
    for each in typists:
        # Every acknowledged save is there, in its order.
        saves = iter(stored.get(str(each.case.pk), []))
        assert all(hemoglobin in saves for hemoglobin in each.acknowledged)
    assert list(differences()) == []
    assert list(stale_cases()) == []
