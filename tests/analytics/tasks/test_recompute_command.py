"""`manage.py recompute` works without a broker."""

import io

import pytest
from django.core.management import CommandError, call_command

from analytics.models import ReportSnapshot
from analytics.models.report_snapshot import Trigger
from analytics.reports import lease, recompute
from analytics.reports.lease import take
from registry.models import Case
from tests import factories

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("snapshot_sees_test")]


@pytest.fixture(autouse=True)
def case(monkeypatch: pytest.MonkeyPatch) -> Case:
    monkeypatch.setattr(recompute, "draw", lambda report, known=None: ({}, {}))
    monkeypatch.setattr(lease, "RENEWAL_SECONDS", 3600)
    return factories.case(factories.center())


def run(**options: bool) -> str:
    out = io.StringIO()
    call_command("recompute", stdout=out, **options)
    return out.getvalue()


def test_it_computes_what_is_behind_and_says_what() -> None:
    said = run()
    assert "dara_refractory: data version" in said
    assert "all_isapd: data version" in said
    assert set(ReportSnapshot.objects.values_list("trigger", flat=True)) == {Trigger.MANUAL}


def test_it_says_when_there_is_nothing_to_do() -> None:
    run()
    assert "current" in run()


def test_again_compares_with_what_is_stored() -> None:
    run()
    run(again=True)
    assert ReportSnapshot.objects.count() == 2
    ReportSnapshot.objects.filter(cohort="all_isapd").update(result_digest="0" * 64)
    with pytest.raises(CommandError, match="differs"):
        run(again=True)


def test_while_another_process_is_at_it_it_says_so() -> None:
    take(recompute.LEASE)
    with pytest.raises(CommandError, match="Another process"):
        run()
