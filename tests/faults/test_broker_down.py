"""C6, C7, C8: the broker may be gone, silent, unreachable or empty; nobody notices, and reports catch up."""

import statistics
import time
import uuid
from collections.abc import Callable

import pytest
from celery import Celery
from django.urls import reverse

from analytics.models import Lease
from registry.actions import record
from registry.models import Baseline, Case
from registry.terminology.roles import Role
from tests import factories
from tests.faults.scale import say, scaled
from tests.faults.stack import Stack, is_current, person, wait_until_current
from tests.faults.visitor import Visitor
from tests.registry.supervisor.processes import wait_until

pytestmark = [pytest.mark.faults, pytest.mark.django_db(transaction=True, databases=["default", "snapshot"])]

FAULTS: dict[str, Callable[[Stack], None]] = {
    "stopped": lambda stack: stack.broker.stop(),
    "standing still": lambda stack: stack.broker.freeze(),
    "a black hole": lambda stack: stack.broker.swallow(),
}


def version_of(case: Case) -> int:
    return Baseline.objects.filter(case=case).scoped().values_list("version", flat=True).get()


def save(visitor: Visitor, case: Case, hemoglobin: str) -> float:
    """Save a form page; return how long it took."""
    fields = {
        "present": "hb",
        "hb": hemoglobin,
        "version": str(version_of(case)),
        "token": uuid.uuid4().hex,
        "reason": "typing error",
        "do": "draft",
    }
    started = time.perf_counter()
    answer = visitor.post(reverse("form", args=[case.pk, "baseline"]), fields)
    assert answer.status == 302, answer.status
    return time.perf_counter() - started


def p95(seconds: list[float]) -> float:
    return statistics.quantiles(seconds, n=20)[-1]


def is_recomputing() -> bool:
    return Lease.objects.filter(name="recompute").exclude(holder="").exists()


@pytest.mark.parametrize("fault", FAULTS)
def test_c6_c7_saves_go_on_without_the_broker_and_reports_catch_up(stack: Stack, fault: str, capsys) -> None:
    """C6: 0 failed saves, as fast as before (printed; goal p95 ≤ 1.2×). C7: current within a minute."""
    at = factories.center()
    case = factories.case(at)
    stack.start("worker", "beat", "web")
    visitor = stack.visitor(person(Role.DATA_MANAGER, at=at))
    values = (f"{6 + number % 1000 / 100:.2f}" for number in range(10**6))
    saves = scaled(200)
    save(visitor, case, next(values))
    wait_until_current(stack)
    # Neither is timed while reports are computed: a fault would spare the machine that work.
    with stack.suspended("worker"):
        whole = [save(visitor, case, next(values)) for _ in range(saves)]
    wait_until_current(stack)
    # The worker is at work when it happens: it must get over an answer it cannot give back as well.
    save(visitor, case, next(values))
    assert wait_until(is_recomputing, 30)
    FAULTS[fault](stack)
    assert wait_until(lambda: not is_recomputing(), 30)
    broken = [save(visitor, case, next(values)) for _ in range(saves)]
    assert not is_current()
    stack.broker.mend()
    seconds = wait_until_current(stack)
    say(
        capsys,
        f"broker {fault}: {saves} saves, p95 {1000 * p95(broken):.0f} ms, {p95(broken) / p95(whole):.2f}× of "
        f"that with it; reports current {seconds:.1f} s after it came back",
    )
    assert version_of(case) == 3 + 2 * saves


def test_c8_nothing_is_lost_when_the_broker_forgets_everything(stack: Stack) -> None:
    """C8: flushed with 500 messages queued: 0 recomputes lost."""
    case = factories.case(factories.center())
    for hemoglobin in range(scaled(5)):
        record.save(
            factories.SYSTEM,
            case,
            "baseline",
            {"hb": f"{7 + hemoglobin}.5"},
            seq=1,
            version=version_of(case),
            reason="typing error",
        )
        with Celery(broker=stack.broker.url) as sender, stack.broker.client() as client:
            for _ in range(500):
                sender.send_task("analytics.tasks.recompute_if_behind", ignore_result=True)
            assert client.llen("celery") >= 500
            client.flushall()
        assert not is_current()
        stack.start("worker", "beat")
        wait_until_current(stack)
        stack.kill("worker")
        stack.kill("beat")
