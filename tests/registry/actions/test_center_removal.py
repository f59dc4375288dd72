"""Removing what was added by mistake: a center nothing hangs on, a laboratory's ranges."""

import pytest

from registry.actions import center as actions
from registry.exceptions import InvalidEntries, StaleVersion
from registry.models import Center, Event
from registry.terminology.roles import Role
from tests import factories

pytestmark = pytest.mark.django_db
SYSTEM = factories.SYSTEM


def bare() -> Center:
    return actions.create(SYSTEM, factories.CenterEntries())


def test_a_center_nothing_hangs_on_is_removed_and_its_history_stays():
    center = bare()
    pk = str(center.pk)
    actions.remove(SYSTEM, center, version=1, reason="typing error")
    assert not Center.objects.filter(center_code=str(center)).exists()
    event = Event.objects.filter(row_id=pk).latest("number")
    assert (event.action, event.center_code, event.reason) == ("DELETE", str(center), "typing error")


@pytest.mark.parametrize("hang", ["case", "person", "labref"])
def test_a_center_something_hangs_on_stays(hang: str):
    center = bare()
    if hang == "case":
        factories.empty_case(center)
    elif hang == "person":
        factories.user(Role.MONITOR, at=center)
    else:
        actions.save_labref(SYSTEM, center, factories.LabrefEntries())
    with pytest.raises(InvalidEntries, match="is not removed"):
        actions.remove(SYSTEM, center, version=1)
    assert Center.objects.filter(pk=center.pk).exists()


def test_a_center_changed_or_removed_in_the_meantime_is_not_removed():
    center = bare()
    with pytest.raises(StaleVersion):
        actions.remove(SYSTEM, center, version=2)
    actions.remove(SYSTEM, center, version=1)
    with pytest.raises(StaleVersion, match="removed by somebody else"):
        actions.remove(SYSTEM, Center(pk=center.pk), version=1)


def test_removed_ranges_decide_nothing_any_more():
    center = factories.center()
    case = factories.case(center)
    case.refresh_from_db()
    before = case.derived.changed_at
    actions.remove_labref(SYSTEM, center, 1, version=1, reason="another laboratory's")
    assert not center.labrefs.exists()
    case.derived.refresh_from_db()
    assert case.derived.changed_at > before
    # The number is not given out again: the history of the removed ranges stays theirs.
    assert actions.save_labref(SYSTEM, center, factories.LabrefEntries()).seq == 2


def test_ranges_changed_or_removed_in_the_meantime_are_not_removed():
    center = factories.center()
    with pytest.raises(StaleVersion):
        actions.remove_labref(SYSTEM, center, 1, version=2)
    actions.remove_labref(SYSTEM, center, 1, version=1)
    with pytest.raises(StaleVersion, match="removed by somebody else"):
        actions.remove_labref(SYSTEM, center, 1, version=1)
