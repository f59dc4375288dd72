"""What a person does with a data query: confirm a finding; ask a question, answer it, close it, ask again."""

from django.utils.translation import gettext as _

from registry.actions.change import change
from registry.actions.permitted import check_actor_can
from registry.actions.queries import answer as mark_answered
from registry.actions.record import model_of
from registry.audit.actor import Actor
from registry.audit.canonical import image
from registry.edit_checks.finding import Severity
from registry.exceptions import InvalidEntries, NotFound, NotPermitted
from registry.models import Case, DataQuery, User
from registry.permissions.check import user_can
from registry.permissions.verbs import Verb
from registry.policies.data_query import MAX_TEXT, STEPS, Step, check_can, steps

# What a question says is nobody's to translate.
QUESTION = "%(question)s"


def raise_question(actor: Actor, case: Case, form: str, seq: int, variable: str, question: str) -> DataQuery:
    """Ask about a field of a stored row, or about the row where `variable` is "".

    Raises
    ------
    InvalidEntries, NotFound, NotPermitted
    """
    check_actor_can(actor, Verb.RAISE_QUERY, case.center)
    question = question.strip()
    if not question or len(question) > MAX_TEXT:
        message = _("Write a question of at most %(most)s characters.") % {"most": MAX_TEXT}
        raise InvalidEntries({(form, seq, variable): [message]})
    names = {each.name for each in model_of(form).variables}
    with change(actor, case=case) as work:
        rows = work.whole(case).rows[form]
        if variable not in names | {""} or all(row.seq != seq for row in rows):
            raise NotFound(_("There is no such field."))
        query = DataQuery(
            case=case,
            form=form,
            seq=seq,
            variable=variable,
            severity=Severity.QUERY.value,
            message=QUESTION,
            params={"question": question},
            opened_at=work.at,
            opened_by=actor.name,
            opened_by_id=str(actor.user.pk) if actor.user else "",
        )
        work.create(query)
        work.rebuild(case, changed=False)
    return query


def confirm(actor: Actor, query: DataQuery, reason: str) -> None:
    """Settle a warning or query for good: the answer it stands at is correct.

    Raises
    ------
    ReasonRequired, StaleVersion, NotPermitted
    """
    check_actor_can(actor, Verb.RECORD, query.case.center)
    _take(actor, query, Step.CONFIRM, reason)


def answer(actor: Actor, query: DataQuery, text: str) -> None:
    """Answer a person's question. Raises ReasonRequired, StaleVersion, NotPermitted."""
    check_actor_can(actor, Verb.RECORD, query.case.center)
    _take(actor, query, Step.ANSWER, text)


def close(actor: Actor, query: DataQuery) -> None:
    """Be content with an answer, or take the question back. Raises StaleVersion, NotPermitted."""
    check_asks(actor, query)
    _take(actor, query, Step.CLOSE, "")


def reopen(actor: Actor, query: DataQuery, text: str) -> None:
    """Ask again, saying what is still open. Raises ReasonRequired, StaleVersion, NotPermitted."""
    check_asks(actor, query)
    _take(actor, query, Step.REOPEN, text)


def allowed(actor: Actor, query: DataQuery) -> frozenset[Step]:
    """The steps somebody may take with a query as it stands."""
    return frozenset(step for step in steps(query) if _may(actor, query, step))


def _may(actor: Actor, query: DataQuery, step: Step) -> bool:
    try:
        if step in (Step.CLOSE, Step.REOPEN):
            check_asks(actor, query)
        else:
            check_actor_can(actor, Verb.RECORD, query.case.center)
    except NotPermitted:
        return False
    return True


def check_asks(actor: Actor, query: DataQuery) -> None:
    """Raise NotPermitted unless the question is the actor's: theirs to close and to ask again.

    Once who asked may not ask there any more, it is everybody's who may.
    """
    check_actor_can(actor, Verb.RAISE_QUERY, query.case.center)
    if actor.user is None or query.opened_by_id == str(actor.user.pk):
        return
    asked = User.objects.filter(pk=query.opened_by_id).first() if query.opened_by_id else None
    if asked is not None and user_can(asked, Verb.RAISE_QUERY, query.case.center):
        raise NotPermitted(_("%(name)s asked this: it is theirs to close.") % {"name": query.opened_by})


def _take(actor: Actor, query: DataQuery, step: Step, text: str) -> None:
    with change(actor, case=query.case, reason=text.strip()) as work:
        stored = DataQuery.objects.scoped().get(pk=query.pk)
        check_can(step, stored, text)
        before = image(stored)
        after = STEPS[step].after
        if step in (Step.CONFIRM, Step.ANSWER):
            mark_answered(stored, after, text, actor.name, work.at)
        elif step is Step.REOPEN:
            stored.reason, stored.answered_by, stored.answered_at = "", "", None
        stored.state = after
        work.update(stored, before)
        work.rebuild(query.case, changed=False)
