"""Cases in the JSON entry format, and what is derived from them."""

from collections.abc import Mapping
from datetime import date
from typing import Any

from registry.derivations.case import derive
from registry.derivations.derived import Derived
from registry.derivations.parameters import DEFAULT, Parameters
from registry.dictionary.facts import Facts

START = "2022-03-10"
NK = {"missing": "NK"}

Raw = dict[str, Any]


def started(start: str = START, **forms: Any) -> Raw:
    """A case whose IsaPd began on `start`; forms given replace or add."""
    return {"patient_code": "IT001-0001", "isapd_treatment": {"isapd_start_date": start}, **forms}


def derived(
    case: Mapping[str, Any], parameters: Parameters = DEFAULT, cutoff: date | None = None
) -> dict[str, Derived]:
    return derive(Facts.from_json(case), parameters, cutoff)


def shown(answer: Derived) -> Any:
    """The value; "NE" when it is not evaluable."""
    return answer.value if answer.status == "OK" else "NE"


def value(case: Mapping[str, Any], name: str, **options: Any) -> Any:
    """The derived value of that name, or "NE"."""
    return shown(derived(case, **options)[name])


def visits(*assessments: tuple[str, str], **more: Any) -> list[Raw]:
    """Response rows of (date, investigator's response)."""
    return [{"resp_date": when, "resp_investigator": response, **more} for when, response in assessments]


def alive(when: str) -> list[Raw]:
    return [{"contact_date": when, "vital_status": "ALIVE"}]


def dead(when: Any, cause: str = "MM") -> list[Raw]:
    """A death reported without saying when the contact was."""
    return [{"vital_status": "DEAD", "death_date": when, "death_cause": cause}]


def therapy(when: str, *drugs: str) -> list[Raw]:
    return [{"subs_line_no": 1, "subs_start": when, "subs_drugs": list(drugs or ("TEC",))}]


def progressed(when: str, **more: Any) -> Raw:
    return {"pd_occurred": "Y", "pd_date": when, **more}


def line(number: int, start: str = "2020-01-01", **more: Any) -> Raw:
    """A prior line that ended well, unless said otherwise."""
    return {
        "line_no": number,
        "line_start": start,
        "line_stop": start,
        "line_transplant": "NONE",
        "line_best_response": "VGPR",
        "line_progressed": "N",
        "line_stop_reason": "COMPLETED",
    } | more


def drug(code: str, number: int, **more: Any) -> Raw:
    return {"line_no_ref": number, "drug": code} | more


def refractory(code: str, number: int) -> Raw:
    """A drug whose line's dates decide nothing and whose source calls it refractory."""
    return drug(code, number, drug_refractory_asserted="Y")
