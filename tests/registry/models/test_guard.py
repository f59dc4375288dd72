"""The database layer refuses writes outside actions and reads without a scope."""

import pytest

from registry.exceptions import UnauditedWrite, UnscopedRead
from registry.models import CASE_ROWS, Baseline, Case, Center, User
from tests import factories

pytestmark = pytest.mark.django_db


@pytest.fixture
def case():
    return factories.case(factories.center())


def test_saving_and_deleting_are_refused(case):
    row = Baseline.objects.filter(case=case).scoped().get()
    for write in (row.save, row.delete, case.save, case.center.delete):
        with pytest.raises(UnauditedWrite):
            write()


def test_queryset_writes_are_refused(case):
    rows = Baseline.objects.filter(case=case).scoped()
    for write in (
        lambda: rows.update(hb=1),
        rows.delete,
        lambda: Center.objects.update(center_name="x"),
        lambda: Center.objects.bulk_create([Center()]),
        lambda: Center.objects.bulk_update([case.center], ["center_name"]),
        lambda: User.objects.create(email="x@example.test"),
    ):
        with pytest.raises(UnauditedWrite):
            write()


def test_a_login_may_note_its_time_and_nothing_else(case):
    user = factories.user()
    user.save(update_fields=["last_login"])
    with pytest.raises(UnauditedWrite):
        user.save(update_fields=["last_login", "name"])


@pytest.mark.parametrize("model", [Case, *CASE_ROWS.values()])
def test_an_unscoped_query_raises(model):
    for read in (
        lambda: list(model.objects.all()),
        lambda: model.objects.count(),
        lambda: model.objects.exists(),
        lambda: model.objects.first(),
        lambda: next(model.objects.iterator(), None),
        lambda: model.objects.filter(pk__isnull=False).values_list("pk")[:1].get(),
        lambda: model.objects.aggregate(),
    ):
        with pytest.raises(UnscopedRead):
            read()


def test_rows_reached_from_a_case_carry_its_scope(case):
    assert case.response_rows.count() == 5
