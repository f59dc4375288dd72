"""A2: every edit behind the registry's back is flagged, and nothing else is."""

import random

import pytest
from django.db import connection, models

from registry.audit.verify import audited_models, differences
from registry.models.scoped import ScopedQuerySet
from tests import factories
from tests.faults.scale import scaled

pytestmark = [pytest.mark.faults, pytest.mark.django_db]


def rows_of(model):
    rows = model._default_manager.all()
    return list(rows.scoped() if isinstance(rows, ScopedQuerySet) else rows)


def another(field, value, dice):
    """A value the column can hold that is not the one it holds."""
    match field:
        case models.BooleanField():
            return not value
        case models.DateField():
            return "2020-02-02" if str(value) != "2020-02-02" else "2020-02-03"
        case models.IntegerField() | models.DecimalField():
            return int(value or 0) + dice.randint(1, 9)
        case models.JSONField():
            return '["NONE","X"]'
        case _:
            limit = field.max_length or 8
            letters = "".join(dice.choices("ABCDEFGH", k=min(limit, 6)))
            return letters if letters != value else letters[::-1] + "I"


def editable_columns(model):
    shown = model.audited_columns
    return [
        field
        for field in model._meta.concrete_fields
        if not field.primary_key and not field.is_relation and (shown is None or field.name in shown)
    ]


def test_a2_raw_edits_are_all_flagged_and_clean_runs_never():
    factories.case(factories.center())
    factories.user()
    dice = random.Random(20260101)
    targets = [(model, row) for model in audited_models() for row in rows_of(model)]
    alarms = flagged = 0
    edits = scaled(1000)
    for _ in range(edits):
        alarms += len(list(differences()))
        model, row = dice.choice(targets)
        field = dice.choice(editable_columns(model))
        value = another(field, getattr(row, field.attname), dice)
        column, table = (
            connection.ops.quote_name(field.column),
            connection.ops.quote_name(model._meta.db_table),
        )
        key = model._meta.pk.get_db_prep_value(row.pk, connection)
        with connection.cursor() as cursor:
            cursor.execute("SAVEPOINT tampering")
            cursor.execute(f"UPDATE {table} SET {column} = %s WHERE id = %s", [value, key])
            found = [difference.where for difference in differences()]
            cursor.execute("ROLLBACK TO SAVEPOINT tampering")
        flagged += found == [f"{model._meta.db_table} {row.pk}: {field.attname}"]
    assert (flagged, alarms) == (edits, 0)
