"""Confirmation of responses and of progression by the next assessment (D19)."""

from collections.abc import Sequence
from datetime import date
from typing import NamedTuple

from registry.derivations.progression import Progression
from registry.derivations.visits import Visit, in_order
from registry.terminology.imwg import Response

SAME_EVENT_DAYS = 14
"""A reported progression and an assessment with progression this near each other are one event."""


class Level(NamedTuple):
    """What an assessment counts as."""

    day: date
    response: Response


class Course(NamedTuple):
    """Levels of the assessments up to progression and next therapy, and the date of progression."""

    levels: tuple[Level, ...]
    progression: date | None


def unconfirmed_course(visits: Sequence[Visit], progression: date | None, therapy: date | None) -> Course:
    """Every assessment before progression and not after the next therapy, as it stands."""
    return Course(
        tuple(
            Level(visit.day, visit.response)
            for visit in visits
            if (progression is None or visit.day < progression) and (therapy is None or visit.day <= therapy)
        ),
        progression,
    )


def confirmed_course(
    visits: Sequence[Visit], reported: Progression, therapy: date | None, myeloma_death: bool
) -> Course:
    """Assessments at the level the next evaluable one confirms.

    Parameters
    ----------
    visits : assessments after the start of treatment
    reported : the progression form's progression, joined to the assessment it belongs to
    therapy : start of the next therapy; no response is confirmed after it
    myeloma_death : whether the patient died of myeloma, which confirms a last progression
    """
    sequence = _with_reported(visits, reported)
    kept: list[Visit] = []
    progression = None
    for index, visit in enumerate(sequence):
        if visit.response is not Response.PD:
            kept.append(visit)
        elif visit.decisive or _is_repeated(sequence, index, myeloma_death):
            progression = visit.day
            break
        # An unconfirmed progression is passed over, as if it had not been assessed.
    levels = (
        _level(visit, kept[index + 1] if index + 1 < len(kept) else None, therapy)
        for index, visit in enumerate(kept)
        if therapy is None or visit.day <= therapy
    )
    return Course(tuple(levels), progression)


def _is_repeated(sequence: Sequence[Visit], index: int, myeloma_death: bool) -> bool:
    """Whether the next assessment is progression too, or death from myeloma came before any."""
    if index + 1 < len(sequence):
        return sequence[index + 1].response is Response.PD
    return myeloma_death


def _level(visit: Visit, following: Visit | None, therapy: date | None) -> Level:
    """The lower of two consecutive responses; stable disease when there is no second one in time."""
    if following is None or (therapy is not None and following.day > therapy):
        return Level(visit.day, Response.SD)
    return Level(visit.day, min(visit.response, following.response, key=lambda response: response.depth))


def _with_reported(visits: Sequence[Visit], reported: Progression) -> Sequence[Visit]:
    """The assessments and the reported progression, as one of them or beside them."""
    day = reported.day
    if day is None or not reported.reported:
        return visits
    apart = {visit: abs((visit.day - day).days) for visit in visits if visit.response is Response.PD}
    same = min(apart, key=lambda visit: apart[visit], default=None)
    if same is None or apart[same] > SAME_EVENT_DAYS:
        return in_order([*visits, Visit(day, Response.PD, reported.settled)])
    return [
        visit._replace(decisive=True) if visit is same and reported.settled else visit for visit in visits
    ]
