"""Entering the core variables of a patient with three prior lines, by the keystroke-level model."""

import json
from pathlib import Path
from typing import Any

import pytest

from registry.dictionary.catalog import CASE_FORMS
from registry.dictionary.facts import Facts
from registry.edit_checks.completeness import owed
from registry.models import Case, State
from registry.selectors.facts import facts_of, rows_of
from registry.terminology.roles import Role
from tests import factories
from tests.benchmarks.ratio import say
from tests.benchmarks.typist import Typist

pytestmark = [pytest.mark.benchmark, pytest.mark.django_db(transaction=True)]

COMMITTED = Path(__file__).with_name("keystrokes.json")
COMPLETE, ANOTHER = "Control+Enter", "Control+Shift+Enter"
# Regimen, maintenance; last doses that are not the line's, drug by drug; the first dose of the maintenance.
REGIMENS = (
    ("vtd", "r", ["20082018", "20082018", "20082018"], "15012019"),
    ("dara-vd", "", ["", "15082020", "15082020"], ""),
    ("krd", "", [], ""),
)


def core(form: str, row: int = 0) -> dict[str, Any]:
    """The core answers of the fixture on one form."""
    content = factories.FIXTURE[form]
    entries = content[row] if isinstance(content, list) else content
    return {name: raw for name, raw in entries.items() if CASE_FORMS[form].variable(name).core}


def enter_patient(typist: Typist) -> None:
    """From the enrolment to the follow-up, with the keyboard alone."""
    typist.operators["H"] += 1
    typist.answer_all(core("enrolment"))
    typist.command(COMPLETE)
    # The case, with the next form under the finger.
    typist.command("Enter")
    for form in ("demographics", "diagnosis"):
        typist.answer_all(core(form))
        typist.command(COMPLETE)
    for number, regimen in enumerate(REGIMENS):
        enter_line(typist, number, *regimen)
        typist.command(ANOTHER if number < len(REGIMENS) - 1 else COMPLETE)
    for form in ("baseline", "fish", "isapd_treatment", "isapd_cycle"):
        typist.answer_all(core(form))
        typist.command(COMPLETE)
    visits = len(factories.FIXTURE["response"])
    for number in range(visits):
        typist.answer_all(core("response", number))
        typist.command(ANOTHER if number < visits - 1 else COMPLETE)
    typist.answer_all(core("progression"))
    typist.command(COMPLETE)
    pass_events(typist)
    typist.command("Enter")
    typist.answer_all(core("subsequent_therapy"))
    typist.command(COMPLETE)
    typist.answer_all(core("follow_up"))
    typist.command(COMPLETE)


def enter_line(
    typist: Typist, number: int, regimen: str, maintenance: str, last_doses: list[str], first_dose: str
) -> None:
    """A line, and of its drugs what the regimen does not know."""
    typist.think()
    typist.type(regimen)
    if maintenance:
        typist.press("Tab")
        typist.think()
        typist.type(maintenance)
    typist.press("Enter")
    # The page has numbered it already.
    typist.answer_all({name: raw for name, raw in core("prior_line", number).items() if name != "line_no"})
    if last_doses:
        typist.walk("Enter", "drug")
        typist.walk("ArrowRight", "drug_last_dose")
    for day in last_doses:
        if day:
            typist.think()
            typist.type(day)
        typist.press("Enter")
    if first_dose:
        typist.walk("ArrowLeft", "drug_start")
        typist.think()
        typist.type(first_dose)


def pass_events(typist: Typist) -> None:
    """No adverse event: on to the next form, over the links before the focused one."""
    typist.think()
    while not typist.page.evaluate("document.activeElement.textContent.includes('Next form')"):
        typist.press("Shift+Tab")
    with typist.waits():
        typist.press("Enter")


def test_keystrokes(page, live_server, log_in):
    """Goal: ≤ 600 s."""
    center = factories.center()
    log_in(factories.user(Role.DATA_MANAGER, at=center))
    page.goto(f"{live_server.url}/cases/new/")
    typist = Typist(page)
    enter_patient(typist)
    assert owes_nothing(Case.objects.scoped().get())
    committed = json.loads(COMMITTED.read_text())
    counted = {name: typist.operators[name] for name in ("K", "M", "P", "H")}
    keys, decisions = counted["K"], counted["M"]
    say(
        f"a patient with three prior lines: {keys} keys, {decisions} decisions",
        typist.seconds,
        "s",
        "≤ 600 s",
    )
    assert typist.seconds <= 600
    assert all(counted[name] <= committed[name] for name in counted), (counted, committed)


def owes_nothing(case: Case) -> bool:
    """Whether every core answer is there, and every form complete."""
    rows = rows_of(case)
    facts: Facts = facts_of(case, rows)
    done = all(row.state == State.COMPLETE for these in rows.values() for row in these)
    given = all(facts.rows(form) for form in factories.FIXTURE)
    return (
        done
        and given
        and not any(
            owed(facts, record, index) for form in CASE_FORMS for index, record in enumerate(facts.rows(form))
        )
    )
