"""The list of a person's cases: searched, filtered, sorted, in one query."""

from dataclasses import dataclass
from uuid import UUID

from django.db.models import F, IntegerField, OrderBy, Value
from django.db.models.functions import Coalesce, NullIf

from registry.models import User
from registry.models.scoped import ScopedQuerySet
from registry.selectors import scope

DRAFT, DONE = "draft", "done"
FULL, GAPS = "full", "gaps"
STATES = (DRAFT, DONE)
COMPLETENESS = (FULL, GAPS)

_PERCENT = Coalesce(
    Value(100) * F("derived__core_answered") / NullIf(F("derived__core_applicable"), Value(0)),
    Value(0),
    output_field=IntegerField(),
)
# What a line shows.
LINE = (
    "pk",
    "patient_code",
    "synthetic",
    "derived__start_date",
    "derived__forms_complete",
    "derived__forms_started",
    "core_percent",
    "derived__changed_at",
    "derived__changed_by",
)
# What a column is sorted by.
ORDERS: dict[str, object] = {
    "code": F("patient_code"),
    "start": F("derived__start_date"),
    "forms": F("derived__forms_complete"),
    "core": _PERCENT,
    "changed": F("derived__changed_at"),
}


@dataclass(frozen=True)
class Wanted:
    """Which cases, in which order.

    Attributes
    ----------
    search : part of a patient code; never taken from or put into an address.
    order : a key of `ORDERS`, "-" before it for descending.
    """

    search: str = ""
    center: UUID | None = None
    state: str = ""
    completeness: str = ""
    order: str = "code"

    @property
    def is_narrowed(self) -> bool:
        return bool(self.search or self.center or self.state or self.completeness)


def case_list(user: User, wanted: Wanted) -> ScopedQuerySet:
    """Cases the person may see, as lines: what a line shows and nothing else, as tuples with names."""
    cases = scope.cases(user)
    if wanted.center:
        cases = cases.filter(center_id=wanted.center)
    if wanted.search:
        cases = cases.filter(patient_code__icontains=wanted.search)
    if wanted.state:
        unfinished = {"derived__forms_started__gt": F("derived__forms_complete")}
        cases = cases.filter(**unfinished) if wanted.state == DRAFT else cases.exclude(**unfinished)
    if wanted.completeness:
        owing = {"derived__core_applicable__gt": F("derived__core_answered")}
        cases = cases.filter(**owing) if wanted.completeness == GAPS else cases.exclude(**owing)
    return (
        cases.order_by(*_order(wanted.order)).annotate(core_percent=_PERCENT).values_list(*LINE, named=True)
    )  # type: ignore[no-any-return]


def _order(order: str) -> tuple[OrderBy, ...]:
    name, descending = order.removeprefix("-"), order.startswith("-")
    # Said only where there can be nulls: it would keep PostgreSQL from using the index of the codes.
    by = OrderBy(ORDERS[name], descending=descending, nulls_last=True if name == "start" else None)
    return (by,) if name == "code" else (by, OrderBy(ORDERS["code"]))
