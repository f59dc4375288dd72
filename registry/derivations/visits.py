"""Evaluable response assessments in order of date, with the response that counts at each."""

from collections.abc import Iterable
from datetime import date
from typing import NamedTuple

from registry.derivations.observation import Observation
from registry.derivations.reading import code, day, said
from registry.dictionary.facts import Facts, Record
from registry.terminology.imwg import Response


class Visit(NamedTuple):
    """One evaluable assessment.

    `decisive` marks a progression seen on imaging or in the marrow, which needs no confirmation.
    """

    day: date
    response: Response
    decisive: bool = False


def investigator_visits(facts: Facts, start: date | None, observation: Observation) -> tuple[Visit, ...]:
    """Assessments after the start of IsaPd, as the investigator judged them."""
    visits = []
    for row in facts.rows("response"):
        when, response = day(row, "resp_date"), code(row, "resp_investigator")
        if when is None or start is None or when <= start or not observation.includes(when):
            continue
        if response is not None and response != Response.NE:
            visits.append(Visit(when, Response(response), _new_lesion(row)))
    return in_order(visits)


def in_order(visits: Iterable[Visit]) -> tuple[Visit, ...]:
    """By date; two assessments of one day in an order that does not hang on who typed first."""
    return tuple(sorted(visits, key=lambda visit: (visit.day, visit.response.depth, visit.decisive)))


def _new_lesion(row: Record) -> bool:
    return bool(said(row, "resp_new_lesion") or said(row, "resp_lesion_increase"))
