"""Many patients at once, for a measurement: whole records of a few, copied with their derived rows.

Copies leave no events; nothing that is measured reads those.
"""

import uuid
from itertools import cycle, islice

from registry.management.study_cohort.cohort import synthetic_cases
from registry.models import CASE_ROWS, Case, Center, DerivedCase
from registry.models.guard import writes_allowed
from registry.selectors.facts import rows_of
from tests import factories


def enter_cohort(size: int) -> list[Case]:
    """The first patients of the synthetic cohort, entered as they are by `manage.py load_study_cohort`."""
    centers: dict[str, Center] = {}
    made = []
    for each in islice(synthetic_cases(), size):
        if each.center_code not in centers:
            centers[each.center_code] = factories.center(center_code=each.center_code)
        at = centers[each.center_code]
        made.append(factories.case_actions.enter(factories.SYSTEM, at, each.forms, complete=each.complete))
    return made


def copy_cases(originals: list[Case], at: Center, size: int) -> None:
    """Insert `size` cases at a center, each with the rows and the derived row of one of the originals."""
    templates = [(DerivedCase.objects.filter(case=case).scoped().get(), rows_of(case)) for case in originals]
    cases, derived = [], []
    rows: dict[str, list] = {form: [] for form in CASE_ROWS}
    first = Case.objects.filter(center=at).scoped().count() + 1
    for number, (values, forms) in zip(range(first, first + size), cycle(templates), strict=False):
        case = Case(center=at, patient_code=f"{at}-{number:04d}", created_at=values.changed_at)
        cases.append(case)
        derived.append(copy_of(values, case_id=case.pk))
        for form, these in forms.items():
            rows[form] += [copy_of(row, id=uuid.uuid4(), case_id=case.pk) for row in these]
    with writes_allowed():
        Case.objects.bulk_create(cases, batch_size=2000)
        DerivedCase.objects.bulk_create(derived, batch_size=2000)
        for form, model in CASE_ROWS.items():
            model.objects.bulk_create(rows[form], batch_size=200)


def copy_of(row, **changes):
    """The same row under other keys."""
    columns = {field.attname: getattr(row, field.attname) for field in row._meta.concrete_fields}
    return type(row)(**columns | changes)
