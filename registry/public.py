"""The only door through which analytics enters the registry.

Data cuts, data versions, events about what analytics does, permission checks.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from functools import cached_property
from typing import Any
from uuid import UUID

from django.db import transaction
from django.db.models import Max, Q, QuerySet

from registry.actions.change import change
from registry.audit import log
from registry.audit.actor import Actor
from registry.derivations.case import derive
from registry.derivations.parameters import DEFAULT, Parameters
from registry.dictionary.facts import Facts
from registry.edit_checks.quality import STALE_FOLLOW_UP, Quality, pooled, quality
from registry.exceptions import NotFound, NotPermitted, RegistryError
from registry.models import (
    Action,
    Case,
    CenterLabref,
    DataQuery,
    DerivedCase,
    Event,
    OwnReference,
    QueryState,
    Source,
    User,
)
from registry.permissions.check import check_user_can, user_can
from registry.permissions.verbs import Verb
from registry.selectors.facts import facts_of_all
from registry.today import today

__all__ = [
    "Action",
    "Actor",
    "CutCase",
    "DataCut",
    "DerivedValue",
    "NotFound",
    "NotPermitted",
    "Quality",
    "RegistryError",
    "Source",
    "User",
    "Verb",
    "check_user_can",
    "data_cut",
    "data_version",
    "pooled",
    "record_event",
    "result_changes_since",
    "result_version",
    "today",
    "user_can",
]


@dataclass(frozen=True)
class DerivedValue:
    """A derived variable as stored: a JSON value (dates ISO), status "OK" or "NE", the reason of an NE."""

    value: Any
    status: str
    reason: str | None


@dataclass(frozen=True)
class CutCase:
    """One case of a data cut.

    Attributes
    ----------
    open_queries : errors, warnings and queries that wait for an answer now, whatever the cutoff.
    has_stale_follow_up : whether one of them says that nobody has heard of the patient for too long.
    """

    case_id: UUID
    center_code: str
    facts: Facts = field(repr=False)
    derived: Mapping[str, DerivedValue] = field(repr=False)
    patient_code: str = field(repr=False)
    center_id: UUID
    synthetic: bool
    open_queries: int = 0
    has_stale_follow_up: bool = False

    @cached_property
    def quality(self) -> Quality:
        """Metrics of D34."""
        return quality(self.facts)


@dataclass(frozen=True)
class DataCut:
    """All cases as of one data version.

    Attributes
    ----------
    data_version : number of the newest event the cut contains.
    as_of : the day it was made for.
    cutoff : events after it are ignored; None for live data.
    rule_version : of the derivations.
    """

    data_version: int
    as_of: date
    cutoff: date | None
    rule_version: str
    cases: Sequence[CutCase]


def data_version(using: str = "default") -> int:
    """Number of the newest event."""
    return log.data_version(using)


def result_version(using: str = "default") -> int:
    """Number of the newest event that can move a result: on a case, or on a center's reference ranges."""
    return _moving(using).aggregate(newest=Max("number"))["newest"] or 0


def result_changes_since(number: int, *, limit: int, using: str = "default") -> int:
    """How many events after `number` can move a result; counts no further than `limit`."""
    return _moving(using).filter(number__gt=number).values("number")[:limit].count()


def data_cut(
    cutoff: date | None = None, using: str = "snapshot", parameters: Parameters = DEFAULT
) -> DataCut:
    """Read all cases in one consistent state.

    Parameters
    ----------
    cutoff : derive as of this day; None takes the stored values, unless older rules made them.
    parameters : of the derivations; others than the default derive anew.
    """
    as_stored = cutoff is None and parameters == DEFAULT
    with transaction.atomic(using=using):
        version = log.data_version(using)
        stale = _stale(using)
        query = Case.objects.using(using).scoped().select_related("center", "derived").order_by("pk")
        cases = [
            CutCase(
                case_id=case.pk,
                center_code=str(case.center),
                facts=facts,
                derived=_stored(case)
                if as_stored and case.derived.rule_version == parameters.rule_version
                else _derived(facts, parameters, cutoff),
                patient_code=case.patient_code,
                center_id=case.center_id,
                synthetic=case.synthetic,
                open_queries=_open_queries(case.derived),
                has_stale_follow_up=case.pk in stale,
            )
            for case, facts in facts_of_all(query, using)
        ]
    return DataCut(version, today(), cutoff, parameters.rule_version, cases)


def record_event(
    actor: Actor, action: Action, table: str, row_id: str, content: Mapping[str, Any], reason: str = ""
) -> int:
    """Record something analytics did (an export, a proposal, a lock); return the data version after it.

    Call it inside the transaction that does the thing. `content` is JSON and holds no patient data.
    """
    with change(actor, reason=reason) as work:
        work.note(action, table, row_id, dict(content))
    return work.data_version


def _moving(using: str) -> QuerySet[Event]:
    # Queries and a center's own references are about a case, and change nothing known of the patient.
    beside = [model._meta.db_table for model in (DataQuery, OwnReference)]
    moving = Event.objects.using(using).filter(~Q(case_id="") | Q(table=CenterLabref._meta.db_table))
    return moving.exclude(table__in=beside)


def _open_queries(derived: DerivedCase) -> int:
    return derived.open_errors + derived.open_warnings + derived.open_queries


def _stale(using: str) -> set[UUID]:
    waiting = DataQuery.objects.using(using).filter(check_id=STALE_FOLLOW_UP, state=QueryState.OPEN)
    return set(waiting.scoped().values_list("case_id", flat=True))


def _stored(case: Case) -> dict[str, DerivedValue]:
    return {
        name: DerivedValue(each["value"], each["status"], each["reason"])
        for name, each in case.derived.values.items()
    }


def _derived(facts: Facts, parameters: Parameters, cutoff: date | None) -> dict[str, DerivedValue]:
    values = derive(facts, parameters, cutoff)
    return {name: DerivedValue(**value.to_json()) for name, value in values.items()}
