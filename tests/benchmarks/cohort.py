"""Patients for a measurement: the synthetic cohort, or thousands of lines for a list."""

from itertools import islice

from registry.actions import case as case_actions
from registry.management.study_cohort.cohort import synthetic_cases
from registry.models import Case, Center, DerivedCase
from registry.models.guard import writes_allowed
from tests import factories


def enter_cohort(size: int) -> list[Case]:
    """The first patients of the synthetic cohort, entered as `manage.py load_study_cohort` enters them."""
    centers: dict[str, Center] = {}
    made = []
    for each in islice(synthetic_cases(), size):
        code = each.center_code
        centers[code] = centers.get(code) or factories.center(center_code=code)
        made.append(case_actions.enter(factories.SYSTEM, centers[code], each.forms, complete=each.complete))
    return made


def fill_lists(original: Case, centers: list[Center], size: int) -> None:
    """Bring each center to its share of `size` cases that look in a list like `original`.

    They have no forms and leave no events; a list reads neither.
    """
    derived = DerivedCase.objects.filter(case=original).scoped().get()
    columns = {field.attname: getattr(derived, field.attname) for field in DerivedCase._meta.concrete_fields}
    cases = []
    for at in centers:
        present = Case.objects.filter(center=at).scoped().count()
        cases += [
            Case(center=at, patient_code=f"{at}-{number:04d}", created_at=derived.changed_at)
            for number in range(present + 1, size // len(centers) + 1)
        ]
    with writes_allowed():
        Case.objects.bulk_create(cases, batch_size=1000)
        rows = [DerivedCase(**columns | {"case_id": case.pk}) for case in cases]
        DerivedCase.objects.bulk_create(rows, batch_size=500)
