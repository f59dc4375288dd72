"""What follows from a form while it is typed: values, changes, remarks; and nothing of it stays."""

from html.parser import HTMLParser

import pytest

from registry.models import CASE_ROWS, DataQuery, DerivedCase, Event
from registry.terminology.roles import Role
from tests import factories
from tests.registry.views.pages import posted_by

pytestmark = pytest.mark.django_db


@pytest.fixture
def center():
    return factories.center()


@pytest.fixture
def person(client, center):
    user = factories.user(Role.DATA_MANAGER, at=center)
    client.force_login(user)
    return user


class Said(HTMLParser):
    """The answer taken apart: derived value → text, field → remarks."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.values: dict[str, str] = {}
        self.remarks: dict[str, str] = {}
        self.reasons: set[str] = set()
        self._texts: dict[str, str] = {}
        self._name = ""
        self.feed(html)
        self.values = {name: " ".join(text.split()) for name, text in self.values.items()}

    def handle_starttag(self, tag, attrs) -> None:
        found = dict(attrs)
        if "data-derived" in found:
            self._texts, self._name = self.values, found["data-derived"]
        if "data-remarks-of" in found:
            self._texts, self._name = self.remarks, found["data-remarks-of"]
        if tag == "input":
            self.reasons.add(found.get("name", ""))

    def handle_endtag(self, tag) -> None:
        if tag == "dd":
            self._texts = {}

    def handle_data(self, data) -> None:
        self._texts[self._name] = self._texts.get(self._name, "") + data


def previewed(client, url: str, **typed) -> Said:
    response = client.post(f"{url}preview/", posted_by(client.get(url), **typed))
    assert response.status_code == 200
    return Said(response.content.decode())


def test_what_changes_is_shown_as_old_and_new(client, person, center) -> None:
    case = factories.case(center)
    said = previewed(client, f"/cases/{case.pk}/baseline/", b2m="6,1", creatinine="2.2")
    assert said.values["iss"] == "before: II → III"
    assert said.values["crcl_cg"].startswith("before: 50 mL/min → 25 mL/min")
    # Nothing of it hangs on the laboratory.
    assert said.values["tcr"] == "Yes"


def test_what_cannot_be_evaluated_says_why(client, person, center) -> None:
    case = factories.case(center)
    said = previewed(client, f"/cases/{case.pk}/baseline/", b2m="")
    assert said.values["iss"].startswith("before: II → Not evaluable · ")


def test_a_new_row_counts_already(client, person, center) -> None:
    case = factories.case(center)
    url = f"/cases/{case.pk}/prior_line_drug/"
    page = client.get(f"{url}new/")
    typed = {"line_no_ref": "3", "drug": "POM", "drug_start": "20/07/2021", "drug_last_dose": "10/02/2022"}
    said = Said(client.post(f"{url}preview/", posted_by(page, **typed)).content.decode())
    assert "Pomalidomide yes" in said.values["drug_refractory"]


def test_the_response_of_the_visit_beside_the_investigators(client, person, center) -> None:
    case = factories.case(center)
    url = f"/cases/{case.pk}/response/3/"
    page = client.post(f"{url}preview/", posted_by(client.get(url), resp_serum_m="0.2")).content.decode()
    assert "VGPR · " in page
    assert "not the same" in page


def test_remarks_stand_at_their_fields(client, person, center) -> None:
    case = factories.case(center)
    said = previewed(client, f"/cases/{case.pk}/baseline/", hb="18", ecog="1", baseline_lab_date="31022022")
    assert "Above 17 g/dL: please check." in said.remarks["hb"]
    assert "confirm.limit.hb" in said.reasons
    assert "is not a day of the calendar" in said.remarks["baseline_lab_date"]
    assert "confirm.entry.baseline_lab_date" not in said.reasons


def test_the_answer_to_a_question_that_no_longer_applies_counts_no_more(client, person, center) -> None:
    case = factories.case(center)
    said = previewed(client, f"/cases/{case.pk}/progression/", pd_occurred="N")
    assert "pd_date" not in said.remarks


def test_nothing_is_stored_and_nothing_typed_is_logged(client, person, center, capsys) -> None:
    case = factories.case(center)
    before = (
        Event.objects.count(),
        DataQuery.objects.filter(case=case).scoped().count(),
        DerivedCase.objects.filter(case=case).scoped().values_list("values", flat=True).get(),
    )
    previewed(client, f"/cases/{case.pk}/baseline/", hb="18.77")
    assert before == (
        Event.objects.count(),
        DataQuery.objects.filter(case=case).scoped().count(),
        DerivedCase.objects.filter(case=case).scoped().values_list("values", flat=True).get(),
    )
    assert CASE_ROWS["baseline"].objects.filter(case=case).scoped().get().hb_entered == "10.4"
    assert "18.77" not in capsys.readouterr().err


def test_a_row_that_does_not_exist(client, person, center) -> None:
    case = factories.case(center)
    for path in ("response/9/preview/", "baseline/1/preview/", "nothing/preview/"):
        assert client.post(f"/cases/{case.pk}/{path}").status_code == 404
