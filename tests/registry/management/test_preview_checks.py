"""What a change of code or rules would ask is printed by center and check, and nothing is written."""

import json

import pytest
from django.core.management import CommandError, call_command

from registry.models import Event
from tests import factories

pytestmark = pytest.mark.django_db


def printed(capsys, *arguments) -> list[list[str]]:
    call_command("preview_checks", *arguments)
    return [line.split() for line in capsys.readouterr().out.splitlines()]


@pytest.fixture
def rules(tmp_path):
    def write(text: str) -> str:
        file = tmp_path / "rules.json"
        file.write_text(text)
        return str(file)

    return write


def test_as_it_is_asked_now_nothing_would_change(capsys):
    factories.warning(factories.center())
    assert printed(capsys)[-1] == ["1", "case", "compared."]
    assert len(printed(capsys)) == 2


def test_other_rules_are_counted_and_nothing_is_written(capsys, rules):
    center = factories.center()
    case = factories.case(center)
    events = Event.objects.count()
    lines = printed(capsys, "--rules", rules(json.dumps({"baseline_window_days": 1})))
    assert ["C50", str(center), "1", "0"] in lines
    assert Event.objects.count() == events
    assert case.patient_code not in str(lines)


@pytest.mark.parametrize("text", ["[]", "{", '{"no_such": 1}'])
def test_what_are_no_rules_is_said(rules, text):
    with pytest.raises(CommandError):
        call_command("preview_checks", "--rules", rules(text))
