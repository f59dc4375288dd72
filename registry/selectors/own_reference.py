"""How centers call their patients. The caller has the right to the center's own references."""

from collections.abc import Iterable
from uuid import UUID

from registry.models import Case, OwnReference


def own_reference(case: Case) -> str:
    """The reference of one patient; "" without one."""
    return own_references([case.pk]).get(case.pk, "")


def own_references(case_ids: Iterable[UUID], using: str = "default") -> dict[UUID, str]:
    """Case id → reference, of those that have one."""
    found = OwnReference.objects.using(using).filter(case_id__in=list(case_ids)).scoped()
    return dict(found.values_list("case_id", "text"))
