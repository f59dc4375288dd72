"""Imports, their rows, and what they are about."""

from collections.abc import Iterator, Sequence
from uuid import UUID

from django.core.exceptions import ValidationError
from django.db.models import Count, QuerySet
from django.utils.translation import gettext as _

from registry.exceptions import NotFound
from registry.models import (
    CASE_ROWS,
    Action,
    Case,
    Center,
    CenterLabref,
    Event,
    ImportBatch,
    ImportRow,
    ImportWork,
    OwnReference,
    User,
)
from registry.models.scoped import ScopedQuerySet
from registry.selectors.scope import center_ids

_FORM_OF_TABLE = {model._meta.db_table: form for form, model in CASE_ROWS.items()}
# A change of any of these changes what a file does; queries come and go with them.
FACTS = (*_FORM_OF_TABLE, Case._meta.db_table, OwnReference._meta.db_table)


def batch(user: User, batch_id: UUID | str) -> ImportBatch:
    """One import; NotFound alike when it does not exist and when it is another center's."""
    try:
        seen = ImportBatch.objects.filter(center_id__in=center_ids(user)).select_related("center")
        found: ImportBatch = seen.get(pk=batch_id)
    except (ImportBatch.DoesNotExist, ValueError, TypeError, ValidationError):
        raise NotFound(_("There is no such import.")) from None
    return found


def batches_of(centers: Sequence[Center]) -> QuerySet[ImportBatch]:
    """Imports at these centers, the newest first."""
    return ImportBatch.objects.filter(center__in=centers).select_related("center")


def progress(of: ImportBatch) -> ImportWork:
    """How far the worker is, without the file."""
    return ImportWork.objects.defer("content").get(batch=of)


def rows(of: ImportBatch) -> ScopedQuerySet:
    """The rows of an import the caller has the right to, in the order of the file."""
    return ImportRow.objects.filter(batch=of).order_by("position").scoped()  # type: ignore[no-any-return]


def codes(center: Center) -> dict[str, UUID]:
    """Patient code → case of a center."""
    return dict(Case.objects.filter(center=center).scoped().values_list("patient_code", "pk"))


def own_references(center: Center) -> dict[str, UUID]:
    """Own reference → case of a center."""
    return dict(OwnReference.objects.filter(center=center).scoped().values_list("text", "case_id"))


def portions(of: ImportBatch, wanted: Sequence[str], size: int) -> Iterator[dict[int, list[ImportRow]]]:
    """Patient number → rows with these outcomes, `size` patients at a time."""
    known = ImportRow.objects.filter(batch=of, outcome__in=wanted, patient__gt=0).scoped()
    numbers = list(known.order_by("patient").values_list("patient", flat=True).distinct())
    for start in range(0, len(numbers), size):
        some = numbers[start : start + size]
        grouped: dict[int, list[ImportRow]] = {number: [] for number in some}
        for row in known.filter(patient__in=some).order_by("position"):
            grouped[row.patient].append(row)
        yield grouped


def cases_of(center: Center, ids: Sequence[UUID]) -> dict[UUID, Case]:
    """Id → case, of those that are the center's."""
    found = Case.objects.filter(center=center, pk__in=ids).select_related("center").scoped()
    return {case.pk: case for case in found}


def rows_made(cases: Sequence[Case]) -> dict[UUID, dict[str, int]]:
    """Case id → form → how many rows it ever had: the last number that was issued."""
    events = Event.objects.filter(
        case_id__in=[str(case.pk) for case in cases], table__in=_FORM_OF_TABLE, action=Action.CREATE
    )
    made: dict[UUID, dict[str, int]] = {case.pk: {} for case in cases}
    for case_id, table, count in events.values_list("case_id", "table").annotate(Count("number")).order_by():
        made[UUID(case_id)][_FORM_OF_TABLE[table]] = count
    return made


def ranges_changed_since(center: Center, version: int) -> bool:
    """Whether somebody has changed the center or its reference ranges after `version`."""
    tables = (Center._meta.db_table, CenterLabref._meta.db_table)
    return Event.objects.filter(number__gt=version, center_id=str(center.pk), table__in=tables).exists()


def changed_since(center: Center, version: int, tables: Sequence[str] | None = FACTS) -> set[str]:
    """Ids of the center's cases about which there are events after `version`."""
    events = Event.objects.filter(number__gt=version, center_id=str(center.pk)).exclude(case_id="")
    if tables is not None:
        events = events.filter(table__in=tables)
    return set(events.values_list("case_id", flat=True))
