"""Findings in words: no code of the dictionary and no ISO date reaches a reader."""

import pytest

from registry.edit_checks.finding import Finding, Severity
from registry.edit_checks.partial_dates import SETTLES
from registry.forms.wording import message_of


@pytest.mark.parametrize(
    ("message", "params", "text"),
    [
        (
            "Death precedes evidence of life on %(date)s (%(form)s).",
            {"date": "2023-04-10", "form": "follow_up"},
            "Death precedes evidence of life on 10/04/2023 (Follow-up).",
        ),
        ("%(field)s is in the future.", {"field": "contact_date"}, "Date of contact is in the future."),
        (
            "Refractory to %(drug)s, but no line contains it.",
            {"drug": "DARA"},
            "Refractory to Daratumumab, but no line contains it.",
        ),
        (
            "Dates say %(computed)s, source says %(asserted)s.",
            {"computed": "NO", "asserted": "YES"},
            "Dates say no, source says yes.",
        ),
        (
            "A day or month here would settle %(derived)s.",
            {"derived": "dara_refractory"},
            "A day or month here would settle refractoriness to daratumumab.",
        ),
        ("Drug dates outside line %(n)s.", {"n": 2}, "Drug dates outside line 2."),
    ],
)
def test_message(message, params, text):
    assert message_of(Finding("C00", Severity.ERROR, "", message, params)) == text


def test_everything_a_date_may_settle_has_words():
    for name in SETTLES:
        finding = Finding("C49", Severity.QUERY, "", "%(derived)s", {"derived": name})
        assert "_" not in message_of(finding)
