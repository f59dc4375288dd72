"""Every number of the rules can be named and set."""

from dataclasses import fields

from registry.edit_checks.catalog import CHECKS
from registry.edit_checks.rules import Rules
from registry.edit_checks.settings import SETTINGS


def test_every_number_has_its_words():
    numbers = {field.name for field in fields(Rules)} - {"off"}
    assert sorted(setting.name for setting in SETTINGS) == sorted(numbers)


def test_every_setting_belongs_to_a_check_there_is():
    assert {setting.check for setting in SETTINGS} <= {check.id for check in CHECKS}
