"""A person's question about a field: asked, answered, closed, asked again."""

import pytest

from registry.actions import data_query, people, record
from registry.audit.actor import Actor
from registry.audit.verify import differences
from registry.exceptions import InvalidEntries, NotFound, NotPermitted, ReasonRequired, StaleVersion
from registry.forms.wording import message_of
from registry.models import DataQuery, DerivedCase, Event, QueryState, User
from registry.policies.data_query import STEPS, Step, steps
from registry.terminology.roles import Role
from tests import factories

pytestmark = pytest.mark.django_db

OPEN, ANSWERED, CLOSED = QueryState.OPEN, QueryState.ANSWERED, QueryState.CLOSED


@pytest.fixture
def case():
    return factories.case(factories.center())


def person(role, case, **attributes):
    return Actor.person(factories.user(role, at=case.center, **attributes))


@pytest.fixture
def monitor(case):
    return person(Role.MONITOR, case, name="Marta Neri")


@pytest.fixture
def manager(case):
    return person(Role.DATA_MANAGER, case, name="Marco Rossi")


@pytest.fixture
def question(case, monitor):
    return data_query.raise_question(monitor, case, "baseline", 1, "hb", "Is 10.4 % right?")


def stored(query) -> DataQuery:
    return DataQuery.objects.scoped().get(pk=query.pk)


def open_queries(case) -> int:
    return DerivedCase.objects.filter(case=case).scoped().get().open_queries


def test_a_monitor_asks_and_the_case_counts_it(case, monitor):
    before = open_queries(case)
    query = data_query.raise_question(monitor, case, "baseline", 1, "hb", " Is 10.4 % right? ")
    assert (query.state, query.opened_by, message_of(query)) == (OPEN, "Marta Neri", "Is 10.4 % right?")
    assert open_queries(case) == before + 1
    assert list(differences()) == []


def test_the_center_answers_and_who_asked_is_content(case, question, monitor, manager):
    before = open_queries(case)
    data_query.answer(manager, question, "As the laboratory printed it")
    query = stored(question)
    assert (query.state, query.reason, query.answered_by) == (
        ANSWERED,
        "As the laboratory printed it",
        "Marco Rossi",
    )
    assert open_queries(case) == before - 1
    data_query.close(monitor, question)
    assert stored(question).state == CLOSED
    assert list(differences()) == []


def test_who_asked_can_ask_again_and_what_was_said_stays_in_the_trail(question, monitor, manager):
    data_query.answer(manager, question, "Yes")
    data_query.reopen(monitor, question, "Which laboratory?")
    query = stored(question)
    assert (query.state, query.reason, query.answered_by) == (OPEN, "", "")
    said = Event.objects.filter(row_id=str(question.pk)).order_by("number").values_list("reason", flat=True)
    assert list(said) == ["", "Yes", "Which laboratory?"]


def test_a_question_can_be_taken_back(question, monitor):
    data_query.close(monitor, question)
    assert stored(question).state == CLOSED


def test_a_correction_does_not_answer_it_but_the_end_of_its_row_does(case, question, manager):
    row = record.save(
        manager, case, "baseline", {"hb": "10.5"}, seq=1, version=1, complete=True, reason="Misread"
    )
    assert stored(question).state == OPEN
    record.remove(manager, case, "baseline", 1, version=row.version, reason="Another patient's")
    assert stored(question).state == CLOSED


def test_only_who_asked_closes_and_asks_again(case, question, manager):
    another = person(Role.MONITOR, case)
    for act in (
        lambda: data_query.close(another, question),
        lambda: data_query.reopen(another, question, "?"),
    ):
        with pytest.raises(NotPermitted, match="Marta Neri"):
            act()
    with pytest.raises(NotPermitted):
        data_query.close(manager, question)


def test_once_who_asked_may_not_any_more_another_monitor_does(case, question, monitor):
    people.revoke(factories.SYSTEM, monitor.user.memberships.get())
    with pytest.raises(NotPermitted):
        data_query.close(Actor.person(User.objects.get(pk=monitor.user.pk)), question)
    data_query.close(person(Role.MONITOR, case), question)
    assert stored(question).state == CLOSED


@pytest.mark.parametrize("role", [Role.DATA_MANAGER, Role.INVESTIGATOR])
def test_the_center_answers_and_does_not_ask_itself(case, role):
    with pytest.raises(NotPermitted):
        data_query.raise_question(person(role, case), case, "baseline", 1, "hb", "Right?")


def test_a_monitor_asks_at_assigned_centers_only_and_answers_nowhere(case, question, monitor):
    elsewhere = factories.case(factories.center())
    with pytest.raises(NotPermitted):
        data_query.raise_question(monitor, elsewhere, "baseline", 1, "hb", "Right?")
    with pytest.raises(NotPermitted):
        data_query.answer(monitor, question, "Yes")


@pytest.mark.parametrize(
    ("form", "seq", "variable"), [("baseline", 2, "hb"), ("baseline", 1, "nothing"), ("nothing", 1, "hb")]
)
def test_there_has_to_be_such_a_field(case, monitor, form, seq, variable):
    with pytest.raises(NotFound):
        data_query.raise_question(monitor, case, form, seq, variable, "Right?")


@pytest.mark.parametrize("text", ["", "  ", "?" * 501])
def test_a_question_says_something_and_not_a_novel(case, monitor, text):
    with pytest.raises(InvalidEntries):
        data_query.raise_question(monitor, case, "baseline", 1, "hb", text)


def test_an_answer_says_something(question, manager):
    with pytest.raises(ReasonRequired):
        data_query.answer(manager, question, " ")


def test_a_question_is_not_confirmed_and_a_finding_neither_answered_nor_closed(case, question, manager):
    with pytest.raises(NotPermitted):
        data_query.confirm(manager, question, "It is right")
    warning = factories.warning(case.center)
    with pytest.raises(NotPermitted):
        data_query.answer(manager, warning, "It is right")
    with pytest.raises(NotPermitted):
        data_query.close(factories.SYSTEM, warning)


def test_the_second_answer_comes_too_late(case, question, manager):
    data_query.answer(manager, question, "Yes")
    with pytest.raises(StaleVersion):
        data_query.answer(person(Role.INVESTIGATOR, case), question, "No")
    assert stored(question).reason == "Yes"


@pytest.mark.parametrize("state", QueryState)
@pytest.mark.parametrize("is_question", [True, False])
def test_every_state_allows_what_the_table_says(state, is_question):
    query = DataQuery(check_id="" if is_question else "C05", severity="query", state=state)
    allowed = {(True, OPEN): {"answer", "close"}, (True, ANSWERED): {"close", "reopen"}}
    allowed |= {(True, CLOSED): {"reopen"}, (False, OPEN): {"confirm"}}
    assert steps(query) == allowed.get((is_question, state), set())
    assert set(STEPS) == set(Step)
