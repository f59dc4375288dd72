"""A history a person can read."""

import pytest

from registry.actions import record
from registry.audit import history
from registry.models import Action
from tests import factories

pytestmark = pytest.mark.django_db


@pytest.fixture
def case():
    case = factories.empty_case(factories.center())
    row = record.save(factories.SYSTEM, case, "baseline", {"hb": "10", "albumin": "3.5"})
    record.save(
        factories.SYSTEM,
        case,
        "baseline",
        {"hb": {"value": "111", "unit": "g/L"}},
        seq=1,
        version=row.version,
    )
    return case


def test_the_newest_change_comes_first_with_what_differs(case):
    newest = history.of_case(case.pk)[0]
    assert (newest.form, newest.seq, newest.event.action) == ("baseline", 1, Action.UPDATE)
    assert {(f.name, f.before, f.after) for f in newest.fields} == {
        ("hb", "10.000000", "11.100000"),
        ("hb_entered", "10", "111"),
        ("hb_unit", "g/dL", "g/L"),
    }


def test_one_fields_history_leaves_the_others_out(case):
    row_id = history.of_case(case.pk)[0].event.row_id
    assert len(history.of_field(case.pk, row_id, "hb")) == 2
    assert len(history.of_field(case.pk, row_id, "albumin")) == 1
    assert history.of_field(case.pk, row_id, "platelets") == []


def test_pages_follow_one_another(case):
    first = history.of_case(case.pk, limit=2)
    rest = history.of_case(case.pk, before=first[-1].event.number)
    everything = history.of_case(case.pk)
    assert [e.event.number for e in first + rest] == [e.event.number for e in everything]


def test_a_table_narrows_it(case):
    assert {entry.form for entry in history.of_case(case.pk, table="registry_baseline")} == {"baseline"}
