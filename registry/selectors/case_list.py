"""The list of a person's cases: searched, filtered, sorted, in one query."""

from dataclasses import dataclass
from uuid import UUID

from django.db.models import Case, CharField, F, IntegerField, OrderBy, Q, Value, When
from django.db.models.functions import Coalesce, NullIf

from registry.models import User
from registry.models.scoped import ScopedQuerySet
from registry.selectors import scope

DRAFT, DONE = "draft", "done"
FULL, GAPS = "full", "gaps"
OPEN = "open"
STATES = (DRAFT, DONE)
COMPLETENESS = (FULL, GAPS)
QUERIES = (OPEN,)

_PERCENT = Coalesce(
    Value(100) * F("derived__core_answered") / NullIf(F("derived__core_applicable"), Value(0)),
    Value(0),
    output_field=IntegerField(),
)
_OPEN = F("derived__open_errors") + F("derived__open_warnings") + F("derived__open_queries")
_OTHERS_OPEN = Q(derived__open_warnings__gt=0) | Q(derived__open_queries__gt=0)
# What a line shows.
LINE = (
    "pk",
    "patient_code",
    "reference",
    "synthetic",
    "derived__start_date",
    "derived__forms_complete",
    "derived__forms_started",
    "core_percent",
    "open_count",
    "derived__open_errors",
    "derived__changed_at",
    "derived__changed_by",
)
# What a column is sorted by.
ORDERS: dict[str, object] = {
    "code": F("patient_code"),
    "reference": F("reference"),
    "start": F("derived__start_date"),
    "forms": F("derived__forms_complete"),
    "core": _PERCENT,
    "queries": _OPEN,
    "changed": F("derived__changed_at"),
}


@dataclass(frozen=True)
class Wanted:
    """Which cases, in which order.

    Attributes
    ----------
    search : part of a patient code or own reference; never taken from or put into an address.
    references : centers whose own references the person may see.
    order : a key of `ORDERS`, "-" before it for descending.
    """

    search: str = ""
    references: frozenset[UUID] = frozenset()
    center: UUID | None = None
    state: str = ""
    completeness: str = ""
    queries: str = ""
    order: str = "code"

    @property
    def is_narrowed(self) -> bool:
        return bool(self.search or self.center or self.state or self.completeness or self.queries)


def case_list(user: User, wanted: Wanted) -> ScopedQuerySet:
    """Cases the person may see, as lines: what a line shows and nothing else, as tuples with names."""
    cases = scope.cases(user)
    if wanted.center:
        cases = cases.filter(center_id=wanted.center)
    if wanted.search:
        own = Q(center_id__in=wanted.references, own_reference__text__icontains=wanted.search)
        cases = cases.filter(Q(patient_code__icontains=wanted.search) | own)
    if wanted.state:
        unfinished = {"derived__forms_started__gt": F("derived__forms_complete")}
        cases = cases.filter(**unfinished) if wanted.state == DRAFT else cases.exclude(**unfinished)
    if wanted.completeness:
        owing = {"derived__core_applicable__gt": F("derived__core_answered")}
        cases = cases.filter(**owing) if wanted.completeness == GAPS else cases.exclude(**owing)
    if wanted.queries:
        cases = cases.filter(Q(derived__open_errors__gt=0) | _OTHERS_OPEN)
    shown = cases.annotate(core_percent=_PERCENT, open_count=_OPEN, reference=_reference(wanted.references))
    return shown.order_by(*_order(wanted.order)).values_list(*LINE, named=True)  # type: ignore[no-any-return]


def _reference(centers: frozenset[UUID]) -> Case | Value:
    if not centers:
        return Value("", output_field=CharField())
    own = When(center_id__in=centers, then=F("own_reference__text"))
    return Case(own, default=Value(None), output_field=CharField())


def _order(order: str) -> tuple[OrderBy, ...]:
    name, descending = order.removeprefix("-"), order.startswith("-")
    # Said only where there can be nulls: it would keep PostgreSQL from using the index of the codes.
    by = OrderBy(
        ORDERS[name], descending=descending, nulls_last=True if name in ("start", "reference") else None
    )
    return (by,) if name == "code" else (by, OrderBy(ORDERS["code"]))
