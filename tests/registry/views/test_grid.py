"""Rows of a repeating form as a grid: filled down, typed, pasted, saved all or none."""

import pytest

from registry.actions import record
from registry.models import CASE_ROWS, Event, State
from registry.terminology.roles import Role
from tests import factories
from tests.registry.views.pages import FormFields

pytestmark = pytest.mark.django_db


@pytest.fixture
def center():
    return factories.center()


@pytest.fixture
def case(center):
    return factories.case(center)


@pytest.fixture
def person(client, center):
    user = factories.user(Role.DATA_MANAGER, at=center)
    client.force_login(user)
    return user


def rows(case, form):
    return list(CASE_ROWS[form].objects.filter(case=case).scoped().order_by("seq"))


def text(response) -> str:
    return " ".join(response.content.decode().split())


def posted_by(response, **changed):
    """What the grid of the page posts."""
    page = FormFields()
    page.feed(response.content.decode().replace("data-grid-form", "data-capture"))
    return dict(page.fields) | {name.replace("__", "."): value for name, value in changed.items()}


def keys(fields) -> list[str]:
    return [key for key in fields["row"] if key != "n0"]


def test_a_new_cycle_is_the_one_before_28_days_later(client, person, case) -> None:
    url = f"/cases/{case.pk}/isapd_cycle/grid/"
    first = posted_by(client.get(url))
    assert keys(first) == ["s1"]
    fields = posted_by(client.post(url, first | {"do": "add"}))
    assert keys(fields) == ["s1", "n1"]
    assert fields["n1.cycle_no"] == ["2"]
    assert fields["n1.cycle_start"] == ["07/04/2022"]
    # Four infusions in the first cycle, two in the later ones, and half the dose.
    assert (fields["n1.isa_infusions_n"], fields["n1.isa_total_mg"]) == (["2"], ["1280"])
    assert (fields["n1.pom_daily_mg"], fields["n1.dex_weekly_mg"]) == (["4"], ["40"])
    assert fields["n1.cycle_modification"] == ["NONE"]


def test_six_cycles_at_once_end_with_isapd(client, person, case) -> None:
    url = f"/cases/{case.pk}/isapd_cycle/grid/"
    fields = posted_by(client.post(url, posted_by(client.get(url)) | {"do": "add6"}))
    assert len(keys(fields)) == 7
    assert fields["n6.cycle_start"] == ["25/08/2022"]
    assert len({tuple(fields[f"n{n}.isa_total_mg"]) for n in range(1, 7)}) == 1
    # IsaPd ended on 1 September: there is no eighth cycle.
    again = client.post(url, fields | {"do": "add6"})
    assert "No further cycle has begun." in text(again)
    assert len(keys(posted_by(again))) == 7


def test_cycles_are_saved_together_and_complete(client, person, case) -> None:
    url = f"/cases/{case.pk}/isapd_cycle/grid/"
    fields = posted_by(client.post(url, posted_by(client.get(url)) | {"do": "add6"}))
    response = client.post(url, fields | {"n6.cycle_completed": "N", "do": "complete"})
    assert response.status_code == 302, text(response)
    saved = rows(case, "isapd_cycle")
    assert [(row.cycle_no, row.state) for row in saved] == [(n, State.COMPLETE) for n in range(1, 8)]
    assert saved[0].version == 1
    assert (
        len({event.at for event in Event.objects.filter(table="registry_isapdcycle").order_by("-number")[:6]})
        == 1
    )


def test_the_first_cycle_begins_with_isapd_at_its_starting_doses(client, person, center) -> None:
    case = factories.empty_case(center)
    factories.row(case, "isapd_treatment", factories.FIXTURE["isapd_treatment"])
    fields = posted_by(client.get(f"/cases/{case.pk}/isapd_cycle/grid/"))
    assert keys(fields) == ["n1"]
    assert (fields["n1.cycle_no"], fields["n1.cycle_start"]) == (["1"], ["10/03/2022"])
    assert (fields["n1.pom_daily_mg"], fields["n1.dex_weekly_mg"]) == (["4"], ["40"])


def test_an_error_stands_at_its_cell_and_what_was_typed_stays(client, person, case) -> None:
    url = f"/cases/{case.pk}/response/grid/"
    fields = posted_by(client.get(url)) | {
        "s2.resp_serum_m": "much",
        "s3.resp_serum_m": "1,1",
        "reason": "chart",
    }
    response = client.post(url, fields | {"do": "draft"})
    assert response.status_code == 422
    assert 'href="#s2.resp_serum_m"' in text(response)
    again = posted_by(response)
    assert (again["s2.resp_serum_m"], again["s3.resp_serum_m"]) == (["much"], ["1,1"])
    assert rows(case, "response")[2].resp_serum_m_entered == "1.2"


def test_only_what_changed_is_written(client, person, case) -> None:
    url = f"/cases/{case.pk}/response/grid/"
    fields = posted_by(client.get(url)) | {"s3.resp_serum_m": "1,1", "do": "draft", "reason": "chart"}
    assert client.post(url, fields).status_code == 302
    assert [row.version for row in rows(case, "response")] == [1, 1, 2, 1, 1]
    # What was complete is so still.
    assert rows(case, "response")[2].state == State.COMPLETE


def test_a_complete_row_changes_with_a_reason_only(client, person, case) -> None:
    url = f"/cases/{case.pk}/response/grid/"
    response = client.post(url, posted_by(client.get(url)) | {"s3.resp_serum_m": "1,1", "do": "draft"})
    assert response.status_code == 422
    assert "please say why" in text(response)


def test_units_and_missing_reasons_are_typed_in_the_cell(client, person, case) -> None:
    url = f"/cases/{case.pk}/response/grid/"
    fields = posted_by(client.get(url)) | {
        "s1.resp_serum_m": "19 g/L",
        "s2.resp_urine_m": "nk",
        "reason": "chart",
    }
    assert client.post(url, fields | {"do": "draft"}).status_code == 302
    first, second = rows(case, "response")[:2]
    assert (first.resp_serum_m_entered, first.resp_serum_m_unit) == ("19", "g/L")
    assert second.record()["resp_urine_m"] == "NK"
    fields = posted_by(client.get(url))
    assert (fields["s1.resp_serum_m"], fields["s2.resp_urine_m"]) == (["19 g/L"], ["NK"])


def test_a_warning_is_confirmed_at_its_row(client, person, case) -> None:
    url = f"/cases/{case.pk}/isapd_cycle/grid/"
    fields = posted_by(client.post(url, posted_by(client.get(url)) | {"do": "add"}))
    fields |= {"n1.isa_infusions_n": "0", "n1.isa_total_mg": "0", "do": "complete"}
    refused = client.post(url, fields)
    assert refused.status_code == 422
    asked = [name for name in posted_by(refused) if name.startswith("n1.confirm.")]
    assert asked
    confirmed = posted_by(refused, do="complete") | dict.fromkeys(asked, "omitted for an infection")
    assert client.post(url, confirmed).status_code == 302
    assert rows(case, "isapd_cycle")[1].isa_infusions_n == 0


def test_what_no_longer_applies_is_cleared(client, person, case) -> None:
    url = f"/cases/{case.pk}/follow_up/grid/"
    fields = posted_by(client.get(url)) | {"s1.vital_status": "ALIVE", "do": "draft", "reason": "chart"}
    assert client.post(url, fields).status_code == 302
    assert rows(case, "follow_up")[0].record()["death_date"] is None


def test_a_blank_row_is_none(client, person, case) -> None:
    url = f"/cases/{case.pk}/adverse_event/grid/"
    fields = posted_by(client.get(url))
    assert keys(fields) == ["n1"]
    assert client.post(url, fields | {"do": "draft"}).status_code == 302
    assert rows(case, "adverse_event") == []


def test_somebody_else_was_faster(client, person, case) -> None:
    url = f"/cases/{case.pk}/response/grid/"
    fields = posted_by(client.get(url)) | {"s2.resp_serum_m": "1.5", "do": "draft", "reason": "chart"}
    change = {"resp_serum_m": "1.4"}
    record.save(factories.SYSTEM, case, "response", change, seq=2, version=1, complete=True, reason="other")
    stale = client.post(url, fields)
    assert stale.status_code == 409
    assert "Stored now: 1.4 g/dL." in text(stale)
    assert client.post(url, posted_by(stale, do="draft")).status_code == 302
    assert rows(case, "response")[1].resp_serum_m_entered == "1.5"


def test_a_row_somebody_removed_is_entered_anew(client, person, case) -> None:
    url = f"/cases/{case.pk}/response/grid/"
    fields = posted_by(client.get(url)) | {"s2.resp_serum_m": "1.5", "do": "draft", "reason": "chart"}
    record.remove(factories.SYSTEM, case, "response", 2, version=1, reason="other")
    stale = client.post(url, fields)
    assert stale.status_code == 409
    assert client.post(url, posted_by(stale, do="draft")).status_code == 302
    assert rows(case, "response")[-1].seq == 6


@pytest.mark.parametrize("form", [form for form, model in CASE_ROWS.items() if model.form.repeating])
def test_every_repeating_form_has_a_grid_that_saves_nothing_by_itself(client, person, case, form) -> None:
    url = f"/cases/{case.pk}/{form}/grid/"
    before = Event.objects.count()
    assert client.post(url, posted_by(client.get(url)) | {"do": "draft"}).status_code == 302
    assert Event.objects.count() == before


def test_a_form_that_does_not_repeat_has_none(client, person, case) -> None:
    assert client.get(f"/cases/{case.pk}/baseline/grid/").status_code == 404
