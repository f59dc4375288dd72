"""A1: whatever is done through pages, admin, commands and actions, the events replay to the live tables.

The API writes from the next issue on, and joins here then.
"""

import contextlib
import random
import uuid
from collections import Counter
from collections.abc import Callable, Collection, Mapping
from io import StringIO

import pytest
from django.core.management import call_command
from django.test import Client
from django.urls import reverse

from registry.actions import center as center_actions
from registry.actions import people, record
from registry.actions.derive import stale_cases
from registry.audit.log import data_version
from registry.audit.verify import differences
from registry.dictionary.entry import Raw
from registry.exceptions import RegistryError
from registry.models import (
    CASE_ROWS,
    BatchState,
    Case,
    CaseRow,
    Center,
    CenterLabref,
    Event,
    ImportBatch,
    Membership,
    Source,
    User,
)
from registry.terminology.roles import Role
from tests import factories
from tests.faults.entries import as_posted, entries
from tests.faults.scale import say, scaled
from tests.registry.imports.importing import committed, undone, uploaded
from tests.registry.imports.workbooks import sheets_to_bytes

pytestmark = [pytest.mark.faults, pytest.mark.django_db(databases=["default", "snapshot"])]

# More often than the one enrolment of a case: the forms that people work on.
FORMS = [form for form in CASE_ROWS if form != "enrolment"]


class Clinic:
    """Two centers, the people who work there, and everything they can do, drawn at random."""

    def __init__(self, dice: random.Random) -> None:
        self.dice = dice
        self.centers = [factories.center(), factories.center()]
        self.managers = [(at, logged_in(factories.user(Role.DATA_MANAGER, at=at))) for at in self.centers]
        self.administrator = logged_in(factories.user(Role.ADMINISTRATOR))
        for at in self.centers:
            factories.case(at)
            factories.empty_case(at)
        self.doings: list[Callable[[], object]] = [
            *[self.save_on_page] * 8,
            *[self.save_in_admin] * 6,
            *[self.save_by_action] * 4,
            *[self.remove_on_page, self.remove_in_admin] * 2,
            self.enroll_on_page,
            self.enroll_in_admin,
            self.change_labref,
            self.change_center,
            self.invite_on_page,
            self.change_roles,
            self.give_command,
            self.import_a_file,
            self.undo_an_import,
        ]

    def do_something(self, done: Collection[str]) -> str:
        """One attempt, of something not done yet or of anything; a refusal is an outcome like any other."""
        undone = [doing for doing in self.doings if doing.__name__ not in done]
        doing = self.dice.choice(undone or self.doings)
        with contextlib.suppress(RegistryError):
            doing()
        return doing.__name__

    # --- What people work on ---

    def workplace(self) -> tuple[Center, Client, Case]:
        at, client = self.dice.choice(self.managers)
        cases = Case.objects.filter(center=at).select_related("center").order_by("patient_code").scoped()
        return at, client, self.dice.choice(list(cases))

    def row_or_new(self, case: Case, form: str) -> CaseRow | None:
        rows = list(CASE_ROWS[form].objects.filter(case=case).scoped())
        return self.dice.choice([*rows, None]) if CASE_ROWS[form].form.repeating else (rows or [None])[0]

    def some_row(self, case: Case) -> CaseRow | None:
        return self.row_or_new(case, self.dice.choice(FORMS))

    def answers(self, form: str) -> dict:
        return entries(CASE_ROWS[form].variables, self.dice)

    # --- Pages ---

    def save_on_page(self) -> None:
        _, client, case = self.workplace()
        form = self.dice.choice(FORMS)
        row, answers = self.row_or_new(case, form), self.answers(form)
        client.post(
            page_of(case, form, row),
            {
                **as_posted(answers),
                "present": list(answers),
                "version": str(row.version) if row else "",
                "token": uuid.uuid4().hex,
                "reason": "seen in the chart",
                "do": self.dice.choice(["draft", "draft", "save", "complete"]),
            },
        )

    def remove_on_page(self) -> None:
        _, client, case = self.workplace()
        row = self.some_row(case)
        if row and row.form.repeating:
            client.post(
                page_of(case, row.form.name, row),
                {
                    "version": str(row.version),
                    "reason": "wrong patient",
                    "do": "remove",
                    "confirmed": "yes",
                    "token": uuid.uuid4().hex,
                },
            )

    def enroll_on_page(self) -> None:
        at, client, _ = self.workplace()
        answers = self.answers("enrolment")
        client.post(
            reverse("case_new"),
            {**as_posted(answers), "present": list(answers), "center": str(at.pk), "token": uuid.uuid4().hex}
            | {"do": "draft"},
        )

    def invite_on_page(self) -> None:
        address = f"{uuid.uuid4().hex[:12]}@example.test"
        self.administrator.post(
            reverse("person_invite"), {"email": address, "name": "Somebody", "role": Role.AUDITOR.value}
        )

    # --- Admin ---

    def save_in_admin(self) -> None:
        _, client, case = self.workplace()
        form = self.dice.choice(FORMS)
        row, answers = self.row_or_new(case, form), self.answers(form)
        name = CASE_ROWS[form]._meta.model_name
        address = (
            reverse(f"admin:registry_{name}_change", args=[row.pk])
            if row
            else reverse(f"admin:registry_{name}_add")
        )
        fields = (
            {"version": str(row.version), "reason": "seen in the chart"} if row else {"case": str(case.pk)}
        )
        client.post(address, {**as_posted(answers, "_"), **fields, "token": uuid.uuid4().hex})

    def remove_in_admin(self) -> None:
        _, client, case = self.workplace()
        if row := self.some_row(case):
            address = reverse(f"admin:registry_{row._meta.model_name}_delete", args=[row.pk])
            client.post(address, {"post": "yes", "version": str(row.version), "reason": "wrong patient"})

    def enroll_in_admin(self) -> None:
        at, client, _ = self.workplace()
        answers = as_posted(self.answers("enrolment"), "_")
        client.post(
            reverse("admin:registry_case_add"), {**answers, "center": str(at.pk), "token": uuid.uuid4().hex}
        )

    # --- Actions and commands ---

    def save_by_action(self) -> None:
        _, _, case = self.workplace()
        form = self.dice.choice(FORMS)
        row = self.row_or_new(case, form)
        known = {"seq": row.seq, "version": row.version} if row else {}
        record.save(factories.SYSTEM, case, form, self.answers(form), reason="seen in the chart", **known)

    def change_labref(self) -> None:
        labref = self.dice.choice(list(CenterLabref.objects.select_related("center")))
        at = labref.center
        match self.dice.randrange(4):
            case 0:
                center_actions.save_labref(factories.SYSTEM, at, factories.LabrefEntries())
            case 1 if CenterLabref.objects.count() > 2:
                center_actions.remove_labref(factories.SYSTEM, at, labref.seq, version=labref.version)
            case _:
                limits = {"ldh_uln": str(self.dice.randint(200, 300))}
                center_actions.save_labref(
                    factories.SYSTEM, at, limits, seq=labref.seq, version=labref.version
                )

    def change_center(self) -> None:
        at = Center.objects.get(pk=self.dice.choice(self.centers).pk)
        name = f"Hospital {self.dice.randint(1, 999)}"
        center_actions.update(factories.SYSTEM, at, {"center_name": name}, version=at.version)

    def change_roles(self) -> None:
        person = self.dice.choice(list(User.objects.all()))
        held = Membership.objects.filter(user=person, ended_at=None)
        if held.exists() and self.dice.random() < 0.5 and not Event.objects.filter(actor_id=str(person.pk)):
            people.revoke(factories.SYSTEM, held[0])
        else:
            people.grant(factories.SYSTEM, person, Role.AUDITOR)
            people.update(factories.SYSTEM, person, name=f"Person {self.dice.randint(1, 999)}")

    def import_a_file(self) -> None:
        at, _, case = self.workplace()
        form = self.dice.choice(FORMS)
        row = {"patient_code": case.patient_code, **as_cells(self.answers(form))}
        enrolled = {"own_reference": uuid.uuid4().hex[:12], **as_cells(self.answers("enrolment"))}
        content = sheets_to_bytes({form: [row], "enrolment": [enrolled]})
        committed(uploaded(content, at, completing=self.dice.random() < 0.5))

    def undo_an_import(self) -> None:
        batches = list(ImportBatch.objects.filter(state=BatchState.COMMITTED).select_related("center"))
        if batches:
            undone(self.dice.choice(batches))

    def give_command(self) -> None:
        address = f"{uuid.uuid4().hex[:12]}@example.test"
        call_command("create_administrator", address, "Somebody", stdout=StringIO())


def logged_in(user: User) -> Client:
    client = Client()
    client.force_login(user)
    return client


def as_cells(raw: Mapping[str, Raw]) -> dict[str, Raw]:
    """The cells of a sheet that answer so."""
    return {
        name: answer["missing"] if isinstance(answer, Mapping) else answer for name, answer in raw.items()
    }


def page_of(case: Case, form: str, row: CaseRow | None) -> str:
    if not CASE_ROWS[form].form.repeating:
        return reverse("form", args=[case.pk, form])
    return (
        reverse("form_row", args=[case.pk, form, row.seq])
        if row
        else reverse("form_row_new", args=[case.pk, form])
    )


def test_a1_a_thousand_random_mutations_replay_to_the_live_tables(capsys) -> None:
    """A1: replayed events = live tables, 100 %, and every derived case derives again."""
    seed = 20220310
    clinic, wanted = Clinic(random.Random(seed)), scaled(1000)
    tried, stored = Counter(), Counter()
    while stored.total() < wanted:
        before = data_version()
        name = clinic.do_something({name for name, times in stored.items() if times})
        tried[name] += 1
        stored[name] += data_version() > before
        assert tried.total() < 5 * wanted + 100, (tried, stored)
        if tried.total() % (wanted // 4 + 1) == 0:
            assert list(differences()) == []
    say(
        capsys,
        f"{stored.total()} mutations of {tried.total()} tried, {data_version()} events; {dict(stored)}",
    )
    assert list(differences()) == []
    assert list(stale_cases()) == []
    # Nothing was drawn that could never be stored, and every way in was taken.
    assert {doing.__name__ for doing in clinic.doings} == {name for name, times in stored.items() if times}
    assert {Source.PAGE, Source.ADMIN, Source.COMMAND, Source.IMPORT} <= set(
        Event.objects.values_list("source", flat=True)
    )
