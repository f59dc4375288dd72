"""Reading the entries of one row, with every error at its field."""

from collections.abc import Mapping
from datetime import date

from django.utils.translation import gettext as _

from registry import fields
from registry.dictionary.entry import EntryError, Raw, read
from registry.dictionary.values import Value
from registry.edit_checks.limits import refused
from registry.exceptions import InvalidEntries
from registry.models.captured import Captured


def read_entries(
    model: type[Captured], entries: Mapping[str, Raw], seq: int, today: date
) -> dict[str, Value]:
    """Variable name → value.

    Raises
    ------
    InvalidEntries
        With every entry that cannot be read, is beyond a constant hard limit, or names no variable.
    """
    known = {variable.name: variable for variable in model.variables}
    values: dict[str, Value] = {}
    errors: dict[tuple[str, int, str], list[str]] = {}
    for name, raw in entries.items():
        if name not in known:
            errors[model.form.name, seq, ""] = [_("There is no variable “%(name)s”.") % {"name": name[:40]}]
            continue
        try:
            values[name] = read(known[name], raw)
        except EntryError as error:
            errors[model.form.name, seq, name] = [_(error.message) % error.params]
            continue
        if found := refused(known[name], values[name], today):
            errors[model.form.name, seq, name] = [_(found.message) % found.params]
    if errors:
        raise InvalidEntries(errors)
    return values


def put(row: Captured, values: Mapping[str, Value]) -> None:
    """Set the columns of the named variables; the others keep their values."""
    for variable in row.variables:
        if variable.name in values:
            fields.put(row, variable, values[variable.name])
