"""What tells the rows of a repeating form apart where no row number is given."""

from collections.abc import Mapping

from registry.dictionary.values import Measurement, PartialDate, Value

NATURAL_KEYS: Mapping[str, tuple[str, ...]] = {
    "prior_line": ("line_no",),
    "prior_line_drug": ("line_no_ref", "drug"),
    "fish": ("fish_date",),
    "isapd_cycle": ("cycle_no",),
    "response": ("resp_date",),
    "adverse_event": ("ae_term", "ae_start"),
    "subsequent_therapy": ("subs_line_no",),
    "follow_up": ("contact_date",),
}

# "FISH was not done" has no date.
_MAY_BE_BLANK = frozenset({"fish"})


def natural_key(form: str, values: Mapping[str, Value]) -> tuple[str, ...] | None:
    """The key of a row of `form`; None where all of it is blank, or the form has none."""
    key = tuple(_text(values.get(name)) for name in NATURAL_KEYS.get(form, ()))
    return key if any(key) or form in _MAY_BE_BLANK else None


def _text(value: Value) -> str:
    match value:
        case None:
            return ""
        case PartialDate():
            return value.text
        case Measurement():
            return str(value.canonical)
        case _:
            return str(value)
