"""Best overall response, time to it and to any response (D20, D25)."""

from datetime import date

from registry.derivations.confirmation import Course
from registry.derivations.dates import days_between
from registry.derivations.derived import Answer, ne, ok, yes_no
from registry.derivations.reasons import missing
from registry.terminology.imwg import Response
from registry.terminology.text import gettext_noop as _

INPUTS = (
    "isapd_start_date",
    "resp_date",
    "resp_investigator",
    "pd_occurred",
    "pd_date",
    "subs_start",
    "subs_drugs",
)
CONFIRMED_INPUTS = (
    *INPUTS,
    "pd_confirmed",
    "pd_criteria",
    "resp_new_lesion",
    "resp_lesion_increase",
    "death_cause",
)

NO_ASSESSMENT = _("No evaluable assessment after the start of IsaPd")
ONLY_PROGRESSION = _("Progression without an evaluable assessment before it")
BEFORE_START = _("Progression is dated before the start of IsaPd")
NO_RESPONSE = _("There was no response of PR or better")


def best_response(course: Course, start: date | None, inputs: tuple[str, ...]) -> Answer:
    """`bor_unconfirmed`, `bor_confirmed`: the deepest level before progression and next therapy."""
    if start is None:
        return ne(missing("isapd_start_date"), inputs)
    if course.progression is not None and course.progression < start:
        return ne(BEFORE_START, inputs)
    if course.levels:
        return ok(deepest(course).value, inputs)
    if course.progression is not None:
        return ok(Response.PD.value, inputs, ONLY_PROGRESSION)
    return ne(NO_ASSESSMENT, inputs)


def deepest(course: Course) -> Response:
    """The deepest level of a course that has one."""
    return max((level.response for level in course.levels), key=lambda response: response.depth)


def responder(bor: Answer) -> Answer:
    """`responder`: best response PR or better."""
    responded = Response(bor.value).at_least(Response.PR) if isinstance(bor.value, str) else None
    return yes_no(responded, bor.inputs, bor.reason)


def first_at(course: Course, response: Response) -> date | None:
    """Day of the first assessment at that response or deeper."""
    return min((level.day for level in course.levels if level.response.at_least(response)), default=None)


def first_response(course: Course, bor: Answer) -> date | None:
    """Day of the first PR or better of a responder."""
    return first_at(course, Response.PR) if bor.is_ok else None


def time_to_response_days(course: Course, bor: Answer, start: date | None) -> Answer:
    """`time_to_response_days`: to the first PR or better, the first of the pair where confirmed."""
    first = first_response(course, bor)
    return _days(first, start, bor)


def time_to_best_days(course: Course, bor: Answer, start: date | None) -> Answer:
    """`time_to_best_days`: to the first assessment at the best response; responders only."""
    if first_response(course, bor) is None:
        return _days(None, start, bor)
    return _days(first_at(course, deepest(course)), start, bor)


def _days(day: date | None, start: date | None, bor: Answer) -> Answer:
    if not bor.is_ok:
        return ne(bor.reason, bor.inputs)
    if day is None or start is None:
        return ne(NO_RESPONSE, bor.inputs)
    return ok(days_between(start, day), bor.inputs)
