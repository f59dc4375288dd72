"""A prior line with its drugs on one page: a regimen fills the drugs in, one save stores them all."""

import pytest

from registry.actions import record
from registry.models import CASE_ROWS, Event, State
from registry.terminology.roles import Role
from tests import factories
from tests.registry.views.pages import posted_by

pytestmark = pytest.mark.django_db

LINE = {
    "line_start": "10/04/2018",
    "line_stop": "10/02/2020",
    "line_transplant": "NONE",
    "line_best_response": "VGPR",
    "line_cycles": "9",
    "line_progressed": "Y",
    "line_progression_date": "20/02/2020",
    "line_stop_reason": "PD",
}


@pytest.fixture
def center():
    return factories.center()


@pytest.fixture
def case(center):
    made = factories.empty_case(center)
    for form in ("diagnosis", "isapd_treatment"):
        factories.row(made, form, factories.FIXTURE[form])
    return made


@pytest.fixture
def person(client, center):
    user = factories.user(Role.DATA_MANAGER, at=center)
    client.force_login(user)
    return user


def rows(case, form):
    return list(CASE_ROWS[form].objects.filter(case=case).scoped().order_by("seq"))


def drugs(case):
    return [
        (
            row.line_no_ref,
            row.drug,
            str(row.record()["drug_start"]),
            str(row.record()["drug_last_dose"]),
            row.state,
        )
        for row in rows(case, "prior_line_drug")
    ]


def text(response) -> str:
    return " ".join(response.content.decode().split())


def filled(client, url, regimen, **changed):
    """What the page posts once a regimen has been filled in."""
    proposed = client.post(url, posted_by(client.get(url), regimen=regimen, **(LINE | changed), do="regimen"))
    assert proposed.status_code == 200
    return posted_by(proposed)


def test_a_regimen_fills_in_its_drugs_with_the_dates_of_the_line(client, person, case) -> None:
    url = f"/cases/{case.pk}/prior_line/new/"
    fields = filled(client, url, "dara-vmp")
    assert [fields[f"n{n}.drug"] for n in (1, 2, 3, 4)] == [["DARA"], ["BOR"], ["MEL"], ["PRED"]]
    assert fields["n2.drug_start"] == ["10/04/2018"]
    assert fields["n2.drug_last_dose"] == ["10/02/2020"]
    assert fields["n2.drug_phase"] == ["IND"]
    assert rows(case, "prior_line_drug") == []


def test_line_and_drugs_are_saved_together(client, person, case) -> None:
    url = f"/cases/{case.pk}/prior_line/new/"
    fields = filled(client, url, "Dara-VMP") | {"n2.drug_last_dose": "15/08/2018", "do": "another"}
    response = client.post(url, fields)
    assert response.url == url
    (line,) = rows(case, "prior_line")
    assert (line.line_no, line.state) == (1, State.COMPLETE)
    assert drugs(case) == [
        (1, "DARA", "2018-04-10", "2020-02-10", State.COMPLETE),
        (1, "BOR", "2018-04-10", "2018-08-15", State.COMPLETE),
        (1, "MEL", "2018-04-10", "2020-02-10", State.COMPLETE),
        (1, "PRED", "2018-04-10", "2020-02-10", State.COMPLETE),
    ]
    events = Event.objects.filter(table__startswith="registry_priorline")
    assert len({event.at for event in events}) == 1
    # The next line is the second.
    assert posted_by(client.get(url))["line_no"] == ["2"]


def test_maintenance_is_part_of_the_line(client, person, case) -> None:
    url = f"/cases/{case.pk}/prior_line/new/"
    fields = filled(client, url, "VTd", maintenance="R")
    assert fields["n4.drug"] == ["LEN"]
    assert fields["n4.drug_phase"] == ["MAINT"]
    # It ends with the line and begins after its start; the induction begins with it and ends before.
    assert (fields["n4.drug_start"], fields["n4.drug_last_dose"]) == ([""], ["10/02/2020"])
    assert (fields["n1.drug_start"], fields["n1.drug_last_dose"]) == (["10/04/2018"], [""])


def test_another_regimen_replaces_what_nobody_touched(client, person, case) -> None:
    url = f"/cases/{case.pk}/prior_line/new/"
    fields = filled(client, url, "VTd")
    # Bortezomib was corrected by hand: the page then no longer calls it proposed.
    del fields["n1.proposed"]
    again = posted_by(client.post(url, fields | {"regimen": "KRd", "do": "regimen"}))
    keys = [key for key in again["row"] if key != "n0"]
    assert [again[f"{key}.drug"] for key in keys] == [["BOR"], ["CAR"], ["LEN"], ["DEX"]]


def test_an_unknown_regimen_says_so(client, person, case) -> None:
    url = f"/cases/{case.pk}/prior_line/new/"
    response = client.post(url, posted_by(client.get(url), regimen="Dara-Foo", do="regimen"))
    assert "“Dara-Foo” is not among the regimens" in text(response)


def test_an_error_in_a_drug_stands_at_its_cell_and_nothing_is_saved(client, person, case) -> None:
    url = f"/cases/{case.pk}/prior_line/new/"
    fields = filled(client, url, "Vd") | {"n1.drug_last_dose": "soon", "do": "complete"}
    response = client.post(url, fields)
    assert response.status_code == 422
    assert 'href="#n1.drug_last_dose"' in text(response)
    assert posted_by(response)["n1.drug_last_dose"] == ["soon"]
    assert rows(case, "prior_line") == rows(case, "prior_line_drug") == []


def test_what_the_line_owes_stands_at_the_line(client, person, case) -> None:
    url = f"/cases/{case.pk}/prior_line/new/"
    fields = filled(client, url, "Vd", line_stop_reason="") | {"do": "complete"}
    response = client.post(url, fields)
    assert response.status_code == 422
    assert 'href="#line_stop_reason"' in text(response)


def test_a_stored_line_opens_with_its_drugs(client, person, center) -> None:
    case = factories.case(center)
    page = client.get(f"/cases/{case.pk}/prior_line/2/")
    fields = posted_by(page)
    assert [key for key in fields["row"] if key != "n0"] == ["s4", "s5"]
    assert (fields["s4.drug"], fields["s5.drug"]) == (["DARA"], ["BOR"])


def test_a_changed_drug_wants_a_reason_and_leaves_the_others_alone(client, person, center) -> None:
    case = factories.case(center)
    url = f"/cases/{case.pk}/prior_line/2/"
    fields = posted_by(client.get(url)) | {"s5.drug_last_dose": "01/08/2020", "do": "save"}
    refused = client.post(url, fields)
    assert refused.status_code == 422
    assert "please say why" in text(refused)
    assert client.post(url, fields | {"reason": "chart"}).status_code == 302
    assert [row.version for row in rows(case, "prior_line_drug")] == [1, 1, 1, 1, 2, 1, 1]
    assert [row.version for row in rows(case, "prior_line")] == [1, 1, 1]


def test_the_drugs_follow_the_lines_new_number(client, person, center) -> None:
    case = factories.case(center)
    url = f"/cases/{case.pk}/prior_line/3/"
    fields = posted_by(client.get(url)) | {"line_no": "5", "do": "draft", "reason": "chart"}
    client.post(url, fields)
    assert [row.line_no_ref for row in rows(case, "prior_line_drug")] == [1, 1, 1, 2, 2, 5, 5]


def test_a_drug_is_removed_with_the_save(client, person, center) -> None:
    case = factories.case(center)
    url = f"/cases/{case.pk}/prior_line/3/"
    fields = posted_by(client.get(url)) | {"s7.remove": "yes", "do": "save", "reason": "chart"}
    assert client.post(url, fields).status_code == 302
    assert [row.seq for row in rows(case, "prior_line_drug")] == [1, 2, 3, 4, 5, 6]


def test_another_lines_drug_cannot_be_drawn_in(client, person, center) -> None:
    case = factories.case(center)
    url = f"/cases/{case.pk}/prior_line/3/"
    fields = posted_by(client.get(url)) | {"do": "save", "reason": "chart"}
    fields["row"] = [*fields["row"], "s1"]
    client.post(url, fields | {"s1.version": "1", "s1.drug": "MEL"})
    assert rows(case, "prior_line_drug")[0].drug == "BOR"


def test_somebody_else_was_faster_with_a_drug(client, person, center) -> None:
    case = factories.case(center)
    url = f"/cases/{case.pk}/prior_line/2/"
    fields = posted_by(client.get(url)) | {"s5.drug_last_dose": "01/08/2020", "do": "save", "reason": "chart"}
    change = {"drug_last_dose": "2020-08-10"}
    record.save(
        factories.SYSTEM, case, "prior_line_drug", change, seq=5, version=1, complete=True, reason="other"
    )
    stale = client.post(url, fields)
    assert stale.status_code == 409
    assert "Stored now: 10/08/2020." in text(stale)
    # What was typed is still there; whoever has seen the other's answer can save it.
    assert client.post(url, posted_by(stale, do="save")).status_code == 302
    assert str(rows(case, "prior_line_drug")[4].record()["drug_last_dose"]) == "2020-08-01"


def test_somebody_else_was_faster_with_the_line(client, person, center) -> None:
    case = factories.case(center)
    url = f"/cases/{case.pk}/prior_line/2/"
    fields = posted_by(client.get(url)) | {"line_cycles": "8", "do": "save", "reason": "chart"}
    record.save(
        factories.SYSTEM,
        case,
        "prior_line",
        {"line_cycles": 9},
        seq=2,
        version=1,
        complete=True,
        reason="other",
    )
    stale = client.post(url, fields)
    assert stale.status_code == 409
    assert "Stored now: 9 cycles." in text(stale)
    assert client.post(url, posted_by(stale, do="save")).status_code == 302
    assert rows(case, "prior_line")[1].line_cycles == 8


def test_a_second_click_saves_once(client, person, case) -> None:
    url = f"/cases/{case.pk}/prior_line/new/"
    fields = filled(client, url, "Rd") | {"do": "complete"}
    assert client.post(url, fields).status_code == client.post(url, fields).status_code == 302
    assert len(rows(case, "prior_line")) == 1
    assert len(rows(case, "prior_line_drug")) == 2


def test_who_may_not_write_reads_the_line(client, center) -> None:
    case = factories.case(center)
    client.force_login(factories.user(Role.MONITOR, at=center))
    assert client.get(f"/cases/{case.pk}/prior_line/2/").status_code == 200
    assert client.post(f"/cases/{case.pk}/prior_line/2/", {"do": "save", "version": "1"}).status_code == 403


def test_what_follows_from_the_drugs_is_shown_while_they_are_typed(client, person, case) -> None:
    url = f"/cases/{case.pk}/prior_line/new/"
    fields = filled(client, url, "Dara-VMP")
    shown = client.post(f"/cases/{case.pk}/prior_line/preview/", fields)
    values = {value.now.name: value.now.text for value in shown.context["panel"].about}
    assert values["dara_line_last"].startswith("1")
    assert rows(case, "prior_line") == []
