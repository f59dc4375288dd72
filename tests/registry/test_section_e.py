"""The patient of the specification's section E, entered through every door: page, API, import, action."""

from typing import Any
from uuid import uuid4

import pytest
from django.test import Client

from registry.audit.verify import differences
from registry.models import CASE_ROWS, Case
from registry.selectors.facts import facts_of
from registry.terminology.roles import Role
from tests import factories
from tests.registry.api.conftest import client_of
from tests.registry.imports.importing import committed, uploaded
from tests.registry.imports.workbooks import workbook

pytestmark = pytest.mark.django_db

# What does not follow from the forms: who is who.
OF_NO_FORM = {"patient_code"}


@pytest.fixture
def center():
    return factories.center()


def entered_on_pages(center) -> Case:
    client = Client()
    client.force_login(factories.user(Role.DATA_MANAGER, at=center))
    enrolled = client.post(
        "/cases/new/", page_fields("enrolment", factories.FIXTURE["enrolment"], center=center.pk)
    )
    assert enrolled.status_code == 302, enrolled.content.decode()
    case = Case.objects.filter(center=center).scoped().get()
    for form, content in factories.FIXTURE.items():
        if form == "enrolment" or form not in CASE_ROWS:
            continue
        rows, new = (content, "new/") if isinstance(content, list) else ([content], "")
        for entries in rows:
            answer = client.post(f"/cases/{case.pk}/{form}/{new}", page_fields(form, entries))
            assert answer.status_code == 302, answer.content.decode()
    return case


def page_fields(form: str, entries: dict[str, Any], **more: Any) -> dict[str, Any]:
    """What a page would post for these entries, saved as a draft."""
    fields: dict[str, Any] = {"token": uuid4().hex, "version": "", "do": "draft", "present": [], **more}
    for variable in CASE_ROWS[form].variables:
        fields["present"].append(variable.name)
        entry = entries.get(variable.name)
        if isinstance(entry, dict):
            fields[variable.name] = entry.get("value", "")
            fields[f"{variable.name}.unit"] = entry.get("unit", "")
            fields[f"{variable.name}.missing"] = entry.get("missing", "")
        elif entry is not None:
            fields[variable.name] = entry
    return fields


def sent_to_the_api(center) -> Case:
    client = client_of(factories.user(Role.DATA_MANAGER, at=center))
    answer = client.post("/api/v1/cases/", {"center": str(center), "forms": factories.FIXTURE})
    return Case.objects.scoped().get(pk=answer.json()["id"])


def imported(center) -> Case:
    committed(uploaded(workbook({"chart 1": factories.FIXTURE}), center))
    return Case.objects.filter(center=center).scoped().get()


@pytest.mark.parametrize("entered", [entered_on_pages, sent_to_the_api, imported])
def test_every_door_leads_to_the_same_case(entered, center):
    case, other = entered(center), factories.case(factories.center())
    assert case.derived.values == other.derived.values
    facts, expected = facts_of(case), facts_of(other)
    for form in CASE_ROWS:
        there = [{k: v for k, v in row.items() if k not in OF_NO_FORM} for row in facts.rows(form)]
        assert there == [{k: v for k, v in row.items() if k not in OF_NO_FORM} for row in expected.rows(form)]
    assert list(differences()) == []
