"""What an answer would change: the endpoints and stages that wait for it, or rest on it."""

from collections.abc import Collection, Mapping
from datetime import date
from functools import cache
from typing import Any

from django.utils.translation import gettext as _

from registry.derivations.case import derive
from registry.dictionary.facts import Facts
from registry.forms.wording import day_text
from registry.terminology.text import gettext_noop

Stored = Mapping[str, Mapping[str, Any]]

# What a study reports of a patient, the most telling first.
_REPORTED = {
    "pfs_days": gettext_noop("PFS"),
    "os_days": gettext_noop("OS"),
    "ttnt_days": gettext_noop("time to next treatment"),
    "bor": gettext_noop("best response"),
    "tcr": gettext_noop("triple-class refractoriness"),
    "dara_refractory": gettext_noop("refractoriness to daratumumab"),
    "dara_isapd_interval_days": gettext_noop("interval since daratumumab"),
    "n_prior_lines": gettext_noop("number of prior lines"),
    "r_iss": gettext_noop("R-ISS"),
    "iss": gettext_noop("ISS"),
    "cyto_risk": gettext_noop("cytogenetic risk"),
    "disease_status": gettext_noop("disease status"),
    "crcl_cg": gettext_noop("creatinine clearance"),
    "age_at_start": gettext_noop("age"),
    "frailty_simplified": gettext_noop("frailty"),
}
MOST = 4


def of_owed(variables: Collection[str], stored: Stored) -> str:
    """What cannot be evaluated as long as these have no answer; "" where nothing waits for them."""
    waiting = [
        name
        for name, inputs in _inputs().items()
        if inputs & set(variables) and stored.get(name, {}).get("status") == "NE"
    ]
    return _("Not evaluable without it: %(names)s") % {"names": _list(waiting)} if waiting else ""


def of_answer(variable: str, stored: Stored) -> str:
    """What rests on the answer to one question."""
    resting = [name for name, inputs in _inputs().items() if variable in inputs]
    waiting = [name for name in resting if stored.get(name, {}).get("status") == "NE"]
    if waiting:
        return _("Not evaluable so far: %(names)s") % {"names": _list(waiting)}
    return _("Rests on it: %(names)s") % {"names": _list(resting)} if resting else ""


def of_contact(stored: Stored) -> str:
    """What a contact with the patient would carry on."""
    censored = [
        name
        for name, is_censored in (
            ("pfs_days", _value(stored, "pfs_type") == "CENSORED"),
            ("os_days", _value(stored, "os_event") == 0),
        )
        if is_censored
    ]
    last = _value(stored, "last_alive_date")
    if censored and last:
        return _("%(names)s counted only until %(date)s") % {
            "names": _list(censored),
            "date": day_text(date.fromisoformat(last)),
        }
    return of_owed(["contact_date", "vital_status"], stored)


@cache
def _inputs() -> Mapping[str, frozenset[str]]:
    """What each reported value rests on: a rule names its inputs whatever a case says."""
    nobody = derive(Facts(""))
    return {name: frozenset(nobody[name].inputs) for name in _REPORTED}


def _value(stored: Stored, name: str) -> Any:
    return stored.get(name, {}).get("value")


def _list(names: list[str]) -> str:
    shown = ", ".join(_(_REPORTED[name]) for name in names[:MOST])
    return _("%(names)s and more") % {"names": shown} if len(names) > MOST else shown
