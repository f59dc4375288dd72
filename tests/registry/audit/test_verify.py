"""Every way the tables and the trail can part company is found."""

import pytest
from django.core.management import CommandError, call_command
from django.db import connection

from registry.actions import people, record
from registry.audit import triggers
from registry.audit.verify import differences
from registry.models import Baseline, Case, DerivedCase
from registry.terminology.roles import Role
from tests import factories

pytestmark = pytest.mark.django_db


@pytest.fixture
def case():
    case = factories.case(factories.center())
    person = factories.user(Role.MONITOR, at=case.center)
    people.revoke(factories.SYSTEM, person.memberships.get())
    added = record.save(
        factories.SYSTEM, case, "follow_up", {"contact_date": "2022-05-01", "vital_status": "ALIVE"}
    )
    record.remove(factories.SYSTEM, case, "follow_up", added.seq, version=added.version)
    return case


def sql(statement, *params):
    with connection.cursor() as cursor:
        cursor.execute(statement, params)


def found():
    return [difference.what for difference in differences()]


def test_an_honest_registry_has_no_difference(case, capsys):
    assert found() == []
    call_command("verify_audit")
    assert "no difference" in capsys.readouterr().out


def test_an_edited_row_is_found_by_its_column(case):
    sql("UPDATE registry_baseline SET hb = 14, hb_entered = '14'")
    row = Baseline.objects.filter(case=case).scoped().get()
    [difference] = differences()
    assert difference.what == "row differs from its events"
    assert difference.where == f"registry_baseline {row.pk}: hb, hb_entered"
    with pytest.raises(CommandError):
        call_command("verify_audit")


def test_a_row_put_in_behind_the_registrys_back_is_found(case):
    sql(
        "INSERT INTO registry_membership (id, user_id, role, since) "
        "SELECT %s, id, 'AUDITOR', created_at FROM registry_user",
        "0" * 32,
    )
    assert found() == ["row without an event"]


def test_a_removed_row_is_found(case):
    sql("DELETE FROM registry_followup")
    assert found() == ["row is gone"]


def test_a_changed_payload_is_found(case):
    triggers.disarm(connection)
    sql("UPDATE registry_eventpayload SET after = replace(after, '10.4', '14.4')")
    triggers.install(connection)
    assert "payload differs from its hash" in found()
    assert "row differs from its events" in found()


def test_a_missing_event_and_payload_are_found(case):
    triggers.disarm(connection)
    sql("DELETE FROM registry_event WHERE number = 3")
    sql("DELETE FROM registry_eventpayload WHERE number IN (3, 5)")
    triggers.install(connection)
    assert {"event missing", "payload missing"} <= set(found())


def test_a_truncated_trail_is_found(case):
    triggers.disarm(connection)
    sql("DELETE FROM registry_event WHERE number = (SELECT max(number) FROM registry_event)")
    triggers.install(connection)
    assert "counter" in found()


def test_a_changed_derivation_is_found(case):
    derived = DerivedCase.objects.filter(case=case).scoped().get()
    sql("UPDATE registry_derivedcase SET core_answered = 0")
    assert found() == []
    with pytest.raises(CommandError):
        call_command("verify_audit", "--all")
    assert derived.core_answered > 0


def test_a_case_without_its_derivation_is_found(case):
    sql("DELETE FROM registry_derivedcase")
    assert Case.objects.scoped().count() == 1
    with pytest.raises(CommandError):
        call_command("verify_audit")
