"""Numbers are gapless, and an event stands or falls with its row."""

import pytest
from django.db import transaction

from registry.actions import record
from registry.audit.log import data_version
from registry.audit.replay import state, upcast
from registry.models import DataVersion, Event, FollowUp
from tests import factories

pytestmark = pytest.mark.django_db


def test_numbers_are_gapless_from_one():
    factories.case(factories.center())
    numbers = list(Event.objects.values_list("number", flat=True))
    assert numbers == list(range(1, len(numbers) + 1))
    assert data_version() == numbers[-1]


def test_a_rolled_back_action_takes_no_number():
    case = factories.empty_case(factories.center())
    before = data_version()
    with transaction.atomic():
        record.save(factories.SYSTEM, case, "follow_up", {"contact_date": "2022-05-01"})
        assert data_version() == before + 1
        transaction.set_rollback(True)
    assert data_version() == before
    assert not FollowUp.objects.filter(case=case).scoped().exists()
    record.save(factories.SYSTEM, case, "follow_up", {"contact_date": "2022-05-01"})
    assert data_version() == before + 1


def test_the_counter_row_is_made_when_it_is_missing():
    DataVersion.objects.all().delete()
    factories.center()
    assert data_version() == 2


def test_the_state_as_of_an_event_is_the_latest_image_up_to_it():
    case = factories.empty_case(factories.center())
    row = record.save(factories.SYSTEM, case, "baseline", {"hb": "10"})
    then = data_version()
    record.save(factories.SYSTEM, case, "baseline", {"hb": "11"}, seq=1, version=row.version)
    key = ("registry_baseline", str(row.pk))
    assert '"hb_entered":"10"' in state(upto=then)[key]
    assert '"hb_entered":"11"' in state()[key]


def test_an_unknown_payload_schema_is_refused():
    with pytest.raises(ValueError, match="schema 9"):
        upcast("{}", 9)
