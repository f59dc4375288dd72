"""Every capturing page of the admin: scope, the entry reader, refusals at the field, one audit trail."""

from typing import Any

import pytest
from django.contrib.admin.models import LogEntry
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from registry.admin.urls import site
from registry.dictionary.entry import read
from registry.models import (
    CASE_ROWS,
    Baseline,
    Case,
    DataQuery,
    Demographics,
    Event,
    QueryState,
    Source,
    State,
)
from registry.selectors import scope
from registry.terminology.roles import Role
from tests import factories

pytestmark = pytest.mark.django_db


@pytest.fixture
def center():
    return factories.center()


@pytest.fixture
def manager(center):
    return factories.user(Role.DATA_MANAGER, at=center)


@pytest.fixture
def client(manager) -> Client:
    client = Client()
    client.force_login(manager)
    return client


@pytest.fixture
def case(center) -> Case:
    return factories.empty_case(center)


def url(model: Any, page: str, *args: Any) -> str:
    return reverse(f"admin:registry_{model._meta.model_name}_{page}", args=args)


def posted(response: Any, **changes: Any) -> dict[str, Any]:
    """What a browser would post back from a form page, with some fields typed over."""
    form, content = response.context["adminform"].form, response.content.decode()
    data: dict[str, Any] = {}
    for name in form.fields:
        assert f'name="{name}"' in content
        bound = form[name]
        context = bound.field.widget.get_context(bound.html_name, bound.value(), {})["widget"]
        for part in context.get("subwidgets", [context]):
            value = part["value"]
            if part.get("type") == "checkbox":
                if part["attrs"].get("checked"):
                    data[part["name"]] = "on"
            elif isinstance(value, list):
                if "optgroups" in part and not part["attrs"].get("multiple"):
                    data[part["name"]] = value[0] if value else ""
                else:
                    data[part["name"]] = value
            elif value is not None:
                data[part["name"]] = value
    return data | changes


def test_every_form_of_a_case_is_captured():
    for model in CASE_ROWS.values():
        page = site.get_model_admin(model)
        assert page.actions is None


@pytest.mark.parametrize("form", [form for form in CASE_ROWS if form != "enrolment"])
def test_a_row_is_added_as_the_fixture_has_it(client, case, manager, form):
    model = CASE_ROWS[form]
    page = client.get(url(model, "add"), {"case": str(case.pk)})
    content = factories.FIXTURE.get(form) or ADVERSE_EVENT
    entries = content[0] if isinstance(content, list) else content
    response = client.post(url(model, "add"), posted(page, **entries))
    assert response.status_code == 302, response.context["adminform"].form.errors
    row = scope.rows(manager, model).get(case=case)
    stored = row.record()
    for name, raw in entries.items():
        assert stored[name] == read(row.form.variable(name), raw)
    event = Event.objects.latest("number")
    assert (event.table, event.row_id, event.source) == (model._meta.db_table, str(row.pk), Source.ADMIN)
    assert event.actor_name == manager.name
    assert LogEntry.objects.count() == 0


ADVERSE_EVENT = {"ae_term": "NEUT", "ae_grade": "3", "ae_start": "2022-04-01"}


def baseline(client, case, **entries: Any) -> Baseline:
    return factories.row(case, "baseline", {"hb": {"value": "111", "unit": "g/L"}} | entries)


def test_opening_and_saving_unchanged_leaves_no_event(client, case):
    row = factories.case(case.center)
    for model in CASE_ROWS.values():
        before = Event.objects.count()
        for each in model.objects.filter(case=row).scoped():
            page = client.get(url(model, "change", each.pk))
            response = client.post(url(model, "change", each.pk), posted(page))
            assert response.status_code == 302, response.context["adminform"].form.errors
        assert Event.objects.count() == before, model


def test_what_was_entered_is_shown_with_its_unit(client, case):
    row = baseline(client, case)
    page = client.get(url(Baseline, "change", row.pk))
    assert page.context["adminform"].form["hb"].value() == {"value": "111", "unit": "g/L"}
    assert '<option value="g/L" selected>' in page.content.decode()


def test_errors_stand_at_the_field_and_what_was_typed_stays(client, case):
    page = client.get(url(Baseline, "add"), {"case": str(case.pk)})
    before = Event.objects.count()
    response = client.post(
        url(Baseline, "add"), posted(page, hb="11,x", platelets="99999999", weight_kg="64,5")
    )
    form = response.context["adminform"].form
    assert response.status_code == 200
    assert form.errors["hb"] == ["Enter a number."]
    assert "platelets" in form.errors
    assert "weight_kg" not in form.errors
    assert 'name="weight_kg" value="64,5"' in response.content.decode()
    assert 'name="hb" value="11,x"' in response.content.decode()
    assert Event.objects.count() == before


def test_a_value_and_a_missing_reason_together_are_refused(client, case):
    page = client.get(url(Baseline, "add"), {"case": str(case.pk)})
    response = client.post(url(Baseline, "add"), posted(page, b2m="4.2", b2m_missing="ND"))
    assert response.context["adminform"].form.errors["b2m"] == [
        "Enter a value or a missing reason, not both."
    ]


def test_a_missing_reason_is_stored(client, case, manager):
    page = client.get(url(Baseline, "add"), {"case": str(case.pk)})
    client.post(url(Baseline, "add"), posted(page, b2m_missing="ND"))
    assert scope.rows(manager, Baseline).get().b2m_missing == "ND"


def test_a_stale_version_shows_both_and_saving_again_keeps_ones_own(client, case, manager):
    row = baseline(client, case)
    mine = posted(client.get(url(Baseline, "change", row.pk)), hb="120", weight_kg="70")
    factories.row(case, "baseline", {"hb": "9.9"}, seq=1, version=1)
    response = client.post(url(Baseline, "change", row.pk), mine)
    form = response.context["adminform"].form
    assert form.errors["hb"] == ["Stored now: 9.9 g/dL"]
    assert form.errors["weight_kg"] == ["Stored now: –"]
    assert "Somebody else has changed this row" in str(form.non_field_errors())
    assert scope.rows(manager, Baseline).get().hb_entered == "9.9"
    again = client.post(url(Baseline, "change", row.pk), posted(response))
    assert again.status_code == 302
    stored = scope.rows(manager, Baseline).get()
    assert (stored.hb_entered, stored.hb_unit, stored.version) == ("120", "g/L", 3)


def test_a_row_that_was_complete_wants_a_reason(client, center, manager):
    case = factories.case(center)
    row = scope.rows(manager, Baseline).get(case=case)
    page = client.get(url(Baseline, "change", row.pk))
    response = client.post(url(Baseline, "change", row.pk), posted(page, hb="9.9"))
    assert "reason" in response.context["adminform"].form.errors
    response = client.post(url(Baseline, "change", row.pk), posted(response, reason="typing error"))
    assert response.status_code == 302
    assert Event.objects.latest("number").reason == "typing error"
    assert scope.rows(manager, Baseline).get(case=case).state == State.COMPLETE


def test_what_is_owed_is_said_at_the_field(client, case):
    page = client.get(url(Baseline, "add"), {"case": str(case.pk)})
    response = client.post(url(Baseline, "add"), posted(page, complete="on"))
    errors = response.context["adminform"].form.errors
    assert "ecog" in errors
    assert "cannot be called complete" in str(errors["__all__"])


def test_a_double_submit_makes_one_row(client, case, manager):
    data = posted(
        client.get(url(CASE_ROWS["response"], "add"), {"case": str(case.pk)}), resp_date="2022-04-07"
    )
    for _ in range(2):
        assert client.post(url(CASE_ROWS["response"], "add"), data).status_code == 302
    assert scope.rows(manager, CASE_ROWS["response"]).count() == 1


def test_removing_asks_for_version_and_reason(client, center, manager):
    case = factories.case(center)
    row = scope.rows(manager, Baseline).get(case=case)
    address = url(Baseline, "delete", row.pk)
    assert client.get(address).context["object"] == row
    refused = client.post(address, {"post": "yes", "version": "1"})
    assert "please say why" in refused.content.decode()
    stale = client.post(address, {"post": "yes", "version": "7", "reason": "wrong patient"})
    assert "Somebody else" in stale.content.decode()
    assert "wrong patient" in stale.content.decode()
    assert client.post(address, {"post": "yes", "version": "1", "reason": "wrong patient"}).status_code == 302
    assert not scope.rows(manager, Baseline).exists()
    event = Event.objects.latest("number")
    assert (event.action, event.reason, event.source) == ("DELETE", "wrong patient", "ADMIN")
    assert LogEntry.objects.count() == 0


def test_the_history_is_the_audit_trail(client, case):
    row = baseline(client, case)
    factories.row(case, "baseline", {"hb": "9.9"}, seq=1, version=1)
    content = client.get(url(Baseline, "history", row.pk)).content.decode()
    assert "hb_entered: 111 → 9.9" in content


def test_enrolling_through_the_admin(client, center, manager):
    page = client.get(url(Case, "add"))
    data = posted(page, center=str(center.pk), complete="on", **factories.FIXTURE["enrolment"])
    response = client.post(url(Case, "add"), data, follow=True)
    case = scope.cases(manager).get()
    assert case.patient_code == f"{center}-0001"
    # The code is said in the page, and nowhere in the addresses that led there.
    assert all(case.patient_code not in address for address, _ in response.redirect_chain)
    assert client.get(url(Case, "change", case.pk)).status_code == 200


def test_monitors_look_and_do_not_touch(center, case):
    row = baseline(None, case)
    client = Client()
    client.force_login(factories.user(Role.MONITOR, at=center))
    page = client.get(url(Baseline, "change", row.pk))
    assert "111 g/L" in page.content.decode()
    assert 'type="submit"' not in page.content.decode().split('id="content-main"')[1]
    assert client.post(url(Baseline, "change", row.pk), {"hb": "1"}).status_code == 403
    assert client.post(url(Baseline, "delete", row.pk), {"post": "yes", "version": "1"}).status_code == 403
    assert client.get(url(Baseline, "add")).status_code == 403


def test_a_foreign_row_answers_as_one_that_does_not_exist(client, case):
    foreign = factories.case(factories.center())
    answers = []
    for key in (str(foreign.pk), "6f1f0a55-0000-4000-8000-000000000000"):
        response = client.get(url(Case, "change", key), follow=True)
        answers.append(
            (response.redirect_chain, response.content.decode().replace(key, "KEY").count("exist"))
        )
        posted_answer = client.post(url(Baseline, "add"), {"case": key, "token": "t"})
        answers.append((posted_answer.status_code, posted_answer.context["adminform"].form.errors["case"]))
        answers.append(client.get(url(Baseline, "changelist"), {"case": key}).context["cl"].result_count)
    assert answers[:3] == answers[3:]
    assert answers[2] == 0
    assert (
        client.get(url(Case, "changelist"), {"center": str(case.center_id)}).context["cl"].result_count == 1
    )


def test_no_lookup_by_patient_code(client, case):
    assert client.get(url(Case, "changelist"), {"patient_code": case.patient_code}).status_code == 400
    listed = client.get(url(Case, "changelist"), {"q": case.patient_code})
    assert 'name="q"' not in listed.content.decode()


@pytest.mark.parametrize("model", [Case, Baseline])
def test_lists_take_constant_queries(client, center, model):
    client.get(url(model, "changelist"))  # the first request of a session writes it
    counts = []
    for more in (1, 3):
        for _ in range(more):
            factories.case(center)
        with CaptureQueriesContext(connection) as queries:
            assert client.get(url(model, "changelist")).status_code == 200
        counts.append(len(queries))
    assert counts[0] == counts[1]


@pytest.mark.parametrize(
    "query",
    [
        {"o": "99.-1.x"},
        {"p": "abc"},
        {"all": ""},
        {"e": "1"},
        {"center": "nonsense"},
        {"case": "nonsense"},
        {"case": "\x00"},
        {"_facets": "True"},
        {"_popup": "1"},
        {"id__in": "1"},
        {"case__patient_code__startswith": "IT"},
    ],
)
def test_odd_parameters_of_a_list_are_no_fault(client, case, query):
    baseline(client, case)
    assert client.get(url(Baseline, "changelist"), query).status_code in (200, 302, 400)


@pytest.mark.parametrize("key", ["nonsense", "\x00", "_5F", "1'--", "../..", "add/change"])
def test_odd_ids_are_no_fault(client, key):
    for page in ("change", "delete", "history"):
        assert client.get(url(Baseline, page, key)).status_code in (302, 400, 404)


@pytest.mark.parametrize(
    "more", [{"_saveasnew": "1"}, {"_to_field": "hb"}, {"_popup": "1"}, {"version": "x"}, {"version": ""}]
)
def test_odd_ways_to_save_write_nothing(client, case, manager, more):
    row = baseline(client, case)
    page = client.get(url(Baseline, "change", row.pk))
    before = Event.objects.count()
    response = client.post(url(Baseline, "change", row.pk), posted(page) | more)
    assert response.status_code in (200, 302, 400)
    assert Event.objects.count() == before
    assert scope.rows(manager, Baseline).count() == 1


def test_the_version_that_was_seen_is_asked_for_when_removing(client, case):
    row = baseline(client, case)
    for version in ("", "x", "²", "99999999999999999999"):
        response = client.post(url(Baseline, "delete", row.pk), {"post": "yes", "version": version})
        assert "Somebody else has changed" in response.content.decode()


def test_what_is_unusual_is_said_and_taken_with_a_reason(client, case):
    page = client.get(url(Demographics, "add"))
    old = {"case": str(case.pk), "birth_date": "1925-06", "sex": "F", "complete": "on"}
    refused = client.post(url(Demographics, "add"), posted(page, **old))
    errors = refused.context["adminform"].form.errors
    assert "why it is correct" in str(errors["__all__"])
    assert "birth_date" in errors
    client.post(url(Demographics, "add"), posted(refused, **old, confirm="seen on the identity card"))
    row = case.demographics_rows.get()
    assert row.state == State.COMPLETE
    query = DataQuery.objects.filter(case=case).scoped().get()
    assert (query.state, query.reason) == (QueryState.CONFIRMED, "seen on the identity card")
