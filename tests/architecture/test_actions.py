"""No write without an event: every action of `registry.actions` is carried out, and looked at.

A new action wants a recipe here: how a test gives it once.
"""

import importlib
import inspect
import pkgutil
from collections.abc import Callable
from typing import Any

import pytest
from django.apps import apps

import registry.actions
from registry.actions import (
    case,
    center,
    check_rules,
    data_query,
    export,
    import_batch,
    own_reference,
    people,
    prior_line,
    record,
)
from registry.actions.entries import RowEntries
from registry.actions.import_lease import holding
from registry.actions.import_writing import settle
from registry.audit import log
from registry.audit.actor import Actor
from registry.audit.verify import differences
from registry.exceptions import NotPermitted
from registry.models import Action, Case, Event, ImportBatch, Source
from registry.models.guard import Audited
from registry.models.scoped import ScopedQuerySet
from registry.terminology.roles import Role
from tests import factories

pytestmark = pytest.mark.django_db

# Functions that take an actor and write nothing.
READS = {
    "registry.actions.permitted.check_actor_can",
    "registry.actions.people.check_not_oneself",
    "registry.actions.data_query.check_asks",
    "registry.actions.data_query.allowed",
    # They make a link; the password somebody sets with it is an event.
    "registry.actions.invitation.set_password_link",
    "registry.actions.invitation.send",
    # The unit of work the actions are made of.
    "registry.actions.change.change",
}


class World:
    """What a recipe needs, made before the action is looked at."""

    def __init__(self) -> None:
        self.rules = factories.counted_rules(cycle_days_max=60)
        self.center = factories.center()
        self.case: Case = factories.empty_case(self.center)
        self.row = factories.row(self.case, "baseline", {"hb": "10"})
        self.person = factories.user(Role.MONITOR, at=self.center)
        self.empty_center = center.create(factories.SYSTEM, factories.CenterEntries())
        self.entries = factories.CenterEntries()
        self.warning = factories.warning(self.center)
        own_reference.assign(factories.SYSTEM, self.warning.case, "chart 1")
        self.question = factories.question(self.case, "baseline", "hb")
        self.answered = factories.question(self.case, "baseline", "albumin")
        data_query.answer(factories.SYSTEM, self.answered, "As measured")
        self.imports = {state: self.an_import(state) for state in ("PREVIEWED", "OUTDATED", "COMMITTED")}

    def an_import(self, state: str) -> ImportBatch:
        """An import as the worker leaves it."""
        made = import_batch.upload(factories.SYSTEM, self.center, "patients.csv", b"content")
        written = {"committed_at": made.uploaded_at, "committed_by": "x", "first_event": 1, "last_event": 1}
        with holding(made) as lease:
            settle(lease, state, "", rows_created=1, **(written if state == "COMMITTED" else {}))
        return made


RECIPES: dict[str, Callable[[Actor, World], Any]] = {
    "registry.actions.case.enroll": lambda actor, w: case.enroll(
        actor, w.center, factories.FIXTURE["enrolment"]
    ),
    "registry.actions.case.enter": lambda actor, w: case.enter(actor, w.center, factories.FIXTURE),
    "registry.actions.record.save": lambda actor, w: record.save(
        actor, w.case, "baseline", {"hb": "11"}, seq=1, version=1
    ),
    "registry.actions.record.save_all": lambda actor, w: record.save_all(
        actor, w.case, "fish", [RowEntries({"fish_done": "N"}), RowEntries({"fish_done": "Y"})]
    ),
    "registry.actions.record.save_forms": lambda actor, w: record.save_forms(
        actor,
        w.case,
        {"baseline": [RowEntries({"hb": "11"}, 1, 1)], "fish": [RowEntries({"fish_done": "N"})]},
    ),
    "registry.actions.prior_line.save_with_drugs": lambda actor, w: prior_line.save_with_drugs(
        actor, w.case, RowEntries({"line_no": "1"}), [RowEntries({"drug": "BOR"})]
    ),
    "registry.actions.record.remove": lambda actor, w: record.remove(actor, w.case, "baseline", 1, version=1),
    "registry.actions.center.create": lambda actor, w: center.create(actor, w.entries),
    "registry.actions.center.update": lambda actor, w: center.update(
        actor, w.center, {"center_name": "New name"}, version=1
    ),
    "registry.actions.center.remove": lambda actor, w: center.remove(actor, w.empty_center, version=1),
    "registry.actions.center.save_labref": lambda actor, w: center.save_labref(
        actor, w.center, {"ldh_uln": "250"}, seq=1, version=1
    ),
    "registry.actions.center.remove_labref": lambda actor, w: center.remove_labref(
        actor, w.center, 1, version=1
    ),
    "registry.actions.import_batch.upload": lambda actor, w: import_batch.upload(
        actor, w.center, "patients.csv", b"content"
    ),
    "registry.actions.import_batch.commit": lambda actor, w: import_batch.commit(
        actor, w.imports["PREVIEWED"], "from our spreadsheet"
    ),
    "registry.actions.import_batch.preview_again": lambda actor, w: import_batch.preview_again(
        actor, w.imports["OUTDATED"]
    ),
    "registry.actions.import_batch.undo": lambda actor, w: import_batch.undo(
        actor, w.imports["COMMITTED"], "the wrong file"
    ),
    "registry.actions.data_query.confirm": lambda actor, w: data_query.confirm(actor, w.warning, "checked"),
    "registry.actions.data_query.raise_question": lambda actor, w: data_query.raise_question(
        actor, w.case, "baseline", 1, "hb", "Really?"
    ),
    "registry.actions.data_query.answer": lambda actor, w: data_query.answer(actor, w.question, "Yes"),
    "registry.actions.data_query.close": lambda actor, w: data_query.close(actor, w.question),
    "registry.actions.data_query.reopen": lambda actor, w: data_query.reopen(actor, w.answered, "How?"),
    "registry.actions.export.note": lambda actor, w: export.note(actor, w.center, {"patients": 2}),
    "registry.actions.own_reference.assign": lambda actor, w: own_reference.assign(actor, w.case, "chart 2"),
    "registry.actions.own_reference.clear": lambda actor, w: own_reference.clear(actor, w.warning.case),
    "registry.actions.check_rules.propose": lambda actor, w: check_rules.propose(
        actor, {"cycle_days_max": 63}, "tests"
    ),
    "registry.actions.check_rules.put_in_force": lambda actor, w: check_rules.put_in_force(
        actor, w.rules, "tests"
    ),
    "registry.actions.check_rules.retire": lambda actor, w: check_rules.retire(actor, w.rules, "tests"),
    "registry.actions.people.invite": lambda actor, w: people.invite(actor, "new@example.test", "New"),
    "registry.actions.people.update": lambda actor, w: people.update(actor, w.person, name="Renamed"),
    "registry.actions.people.grant": lambda actor, w: people.grant(actor, w.person, Role.AUDITOR),
    "registry.actions.people.revoke": lambda actor, w: people.revoke(actor, w.person.memberships.get()),
    "registry.actions.people.note": lambda actor, w: people.note(actor, Action.LOGIN),
}


def actions() -> set[str]:
    """Every public function of the package that takes an actor."""
    found = set()
    for module in pkgutil.iter_modules(registry.actions.__path__):
        loaded = importlib.import_module(f"registry.actions.{module.name}")
        for name, function in inspect.getmembers(loaded, inspect.isfunction):
            own = function.__module__ == loaded.__name__ and not name.startswith("_")
            if own and "actor" in inspect.signature(function).parameters:
                found.add(f"{loaded.__name__}.{name}")
    return found


def tables() -> dict[tuple[str, object], dict[str, Any]]:
    """Every audited row."""
    rows = {}
    for model in apps.get_models():
        if issubclass(model, Audited):
            query = model._default_manager.all()
            query = query.scoped() if isinstance(query, ScopedQuerySet) else query
            rows |= {(model.__name__, row["pk"]): row for row in query.values("pk", *_columns(model))}
    return rows


def _columns(model: Any) -> list[str]:
    return [column.attname for column in model._meta.concrete_fields]


def test_every_action_has_a_recipe():
    assert actions() == set(RECIPES) | READS


@pytest.mark.parametrize("name", RECIPES)
def test_an_action_leaves_an_event_and_nothing_the_events_do_not_explain(name: str):
    world = World()
    before = log.data_version()
    RECIPES[name](factories.SYSTEM, world)
    events = Event.objects.filter(number__gt=before)
    assert events
    assert {event.actor_name for event in events} == {"tests"}
    assert list(differences()) == []


@pytest.mark.parametrize("name", RECIPES)
def test_an_action_whose_event_cannot_be_written_changes_nothing(name: str, monkeypatch):
    world = World()
    before, version = tables(), log.data_version()

    def full(*args: Any, **kwargs: Any) -> int:
        raise OSError("no space left for the event")

    monkeypatch.setattr(log, "append", full)
    with pytest.raises(OSError, match="no space left"):
        RECIPES[name](factories.SYSTEM, world)
    assert tables() == before
    assert log.data_version() == version


@pytest.mark.parametrize("name", sorted(set(RECIPES) - {"registry.actions.people.note"}))
def test_nobody_may_give_a_command_without_logging_in(name: str):
    world = World()
    version = log.data_version()
    with pytest.raises(NotPermitted):
        RECIPES[name](Actor.nobody("somebody", Source.API), world)
    assert log.data_version() == version


@pytest.mark.parametrize("name", sorted(set(RECIPES) - {"registry.actions.people.note"}))
def test_whoever_holds_no_role_may_give_no_command(name: str):
    world = World()
    actor = Actor.person(factories.user())
    version = log.data_version()
    with pytest.raises(NotPermitted):
        RECIPES[name](actor, world)
    assert log.data_version() == version
