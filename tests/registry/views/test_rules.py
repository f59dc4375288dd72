"""Pages of the rules: counts for coordinators, one's own cases for centers, nobody another's."""

import pytest

from registry.actions import check_rules
from registry.actions.rules_preview import preview
from registry.models import CheckRules, RulesState
from registry.selectors.check_rules import rules_in_force
from registry.terminology.roles import Role
from tests import factories

pytestmark = pytest.mark.django_db

# The fixture's sample is two days old, its cycle has no successor.
STRICTER = {"baseline_window_days": 1}


@pytest.fixture
def cases():
    return [factories.case(factories.center()) for _ in range(2)]


@pytest.fixture
def coordinator(client):
    user = factories.user(Role.COORDINATOR, name="Paola Bianchi")
    client.force_login(user)
    return user


def proposal() -> CheckRules:
    return check_rules.propose(factories.SYSTEM, STRICTER, "A stricter window")


def text(response) -> str:
    return " ".join(response.content.decode().split())


def typed(client, **changed):
    form = client.get("/rules/propose/").context["form"]
    fields = {field.name: field.value() for field in form if field.value() is not None}
    return fields | {"reason": "A stricter window"} | changed


def test_every_setting_is_shown_with_what_the_specification_has(client, coordinator):
    page = text(client.get("/rules/"))
    assert "the specification's own" in page.replace("&#x27;", "'")
    for check in ("C24", "C50", "C58"):
        assert check in page


def test_a_coordinator_proposes_and_reads_how_many_cases(client, coordinator, cases):
    response = client.post("/rules/propose/", typed(client, baseline_window_days=1))
    assert CheckRules.objects.get().settings == STRICTER
    assert "Waiting for its turn" in text(client.get(response.url))
    preview()
    page = client.get(response.url)
    table = page.context["table"]
    numbers = {center: dict(zip(table.checks, cells, strict=True))["C50"] for center, cells in table.rows}
    assert numbers == {"": (2, 0)} | {str(case.center): (1, 0) for case in cases}
    # Counts, never a patient.
    for case in cases:
        assert case.patient_code not in text(page)
        assert str(case.pk) not in text(page)
    assert "You proposed these rules" in text(page)


@pytest.mark.parametrize(
    ("changed", "said"),
    [
        ({"baseline_window_days": "x"}, "Enter a whole number"),
        ({"baseline_window_days": "-1"}, "greater than or equal to 0"),
        ({"cycle_days_min": "99"}, "may not be below"),
        ({"reason": ""}, "This field is required"),
        ({}, "in force already"),
    ],
)
def test_what_cannot_be_proposed_says_so_and_stays_typed(client, coordinator, changed, said):
    response = client.post("/rules/propose/", typed(client, **changed))
    assert response.status_code == 422
    assert said in text(response)


def test_a_check_can_be_proposed_to_be_switched_off(client, coordinator):
    client.post("/rules/propose/", typed(client, off=["C05"]))
    assert CheckRules.objects.get().settings == {"off": ["C05"]}


def test_a_center_reads_which_of_its_own_cases(client, cases):
    mine, theirs = cases
    rules = proposal()
    preview()
    client.force_login(factories.user(Role.DATA_MANAGER, at=mine.center))
    page = text(client.get(f"/rules/{rules.pk}/"))
    assert f'href="/cases/{mine.pk}/">{mine.patient_code}</a>' in page
    for foreign in (theirs.patient_code, str(theirs.pk), str(theirs.center)):
        assert foreign not in page
    assert "Put in force" not in page


def test_another_coordinator_puts_them_in_force(client, coordinator, cases):
    rules = proposal()
    preview()
    assert 'data-opens="put-in-force"' in text(client.get(f"/rules/{rules.pk}/"))
    client.post(f"/rules/{rules.pk}/put-in-force/", {"reason": ""})
    assert rules_in_force().baseline_window_days == 28
    client.post(f"/rules/{rules.pk}/put-in-force/", {"reason": "Agreed"})
    assert rules_in_force().baseline_window_days == 1
    page = text(client.get("/rules/"))
    assert "Paola Bianchi" in page
    assert "<strong>1</strong>" in page


def test_a_proposal_is_given_up(client, coordinator):
    rules = proposal()
    client.post(f"/rules/{rules.pk}/give-up/", {"reason": "A mistake"})
    rules.refresh_from_db()
    assert rules.state == RulesState.RETIRED


def test_while_it_is_counted_the_page_asks_again_and_is_answered_when_something_differs(client, coordinator):
    rules = proposal()
    page = client.get(f"/rules/{rules.pk}/")
    assert "hx-get" in text(page)
    state = {"state": page.context["progress_state"]}
    assert client.get(f"/rules/{rules.pk}/progress/", state).status_code == 204
    preview()
    answer = client.get(f"/rules/{rules.pk}/progress/", state)
    assert "No case would be asked about" in text(answer)
    assert "hx-get" not in text(answer)


def test_there_are_no_such_rules(client, coordinator):
    assert client.get("/rules/00000000-0000-0000-0000-000000000001/").status_code == 404
