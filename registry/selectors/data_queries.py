"""Data queries: of one case, of one row, of all cases a person may see.

Whoever passes a case has the right to it.
"""

from collections.abc import Sequence

from django.core.exceptions import ValidationError
from django.db.models import Case as Choose
from django.db.models import IntegerField, Value, When
from django.utils.translation import gettext as _

from registry.dictionary.catalog import CASE_FORMS
from registry.edit_checks.finding import Severity
from registry.exceptions import NotFound
from registry.models import Case, DataQuery, QueryState, User
from registry.models.scoped import ScopedQuerySet
from registry.selectors import scope

_FORMS = {name: place for place, name in enumerate(CASE_FORMS)}
_SEVERITIES = list(Severity)


def open_queries(user: User) -> ScopedQuerySet:
    """Open queries of every case the person may see, errors first, then the oldest first."""
    severity = Choose(
        *(When(severity=each.value, then=Value(place)) for place, each in enumerate(_SEVERITIES)),
        output_field=IntegerField(),
    )
    found = DataQuery.objects.filter(case__center_id__in=scope.center_ids(user), state=QueryState.OPEN)
    return found.select_related("case__center").order_by(severity, "opened_at").scoped()  # type: ignore[no-any-return]


def queries_of(case: Case, *, states: Sequence[QueryState] = tuple(QueryState)) -> list[DataQuery]:
    """Queries of one case as its forms are read; at one field, errors first."""
    found = DataQuery.objects.filter(case=case, state__in=states).scoped()
    return sorted(found, key=_reading_order)


def queries_at(case: Case, form: str, seq: int) -> dict[str, list[DataQuery]]:
    """Queries of one row that are not closed, by field; "" for the row as a whole."""
    found = DataQuery.objects.filter(case=case, form=form, seq=seq).exclude(state=QueryState.CLOSED).scoped()
    by_field: dict[str, list[DataQuery]] = {}
    for query in sorted(found, key=_reading_order):
        by_field.setdefault(query.variable, []).append(query)
    return by_field


def query_of(case: Case, query_id: object) -> DataQuery:
    """One query of a case; raises NotFound for another case's as for one that is not there."""
    try:
        return DataQuery.objects.filter(case=case).scoped().get(pk=query_id)  # type: ignore[no-any-return]
    except (DataQuery.DoesNotExist, ValidationError):
        raise NotFound(_("There is no such query.")) from None


def _reading_order(query: DataQuery) -> tuple[object, ...]:
    form = CASE_FORMS[query.form]
    names = [variable.name for variable in form]
    place = names.index(query.variable) if query.variable in names else -1
    return (
        _FORMS[query.form],
        query.seq,
        place,
        _SEVERITIES.index(Severity(query.severity)),
        query.opened_at,
    )
