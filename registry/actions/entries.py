"""Entries of rows as somebody sends them; reading them, with every error at its field."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date

from django.utils.translation import gettext as _

from registry import fields
from registry.dictionary.entry import EntryError, Raw, read
from registry.dictionary.values import Value
from registry.edit_checks.limits import refused
from registry.exceptions import InvalidEntries
from registry.models.captured import Captured

Entries = Mapping[str, Raw]


@dataclass(frozen=True)
class RowEntries:
    """One row of a form as somebody sends it.

    Attributes
    ----------
    entries : variable name → raw entry; a variable that is not named keeps its value.
    seq : of a stored row; None for a new one.
    version : the version the person saw; None only for a new row.
    complete : call the row complete. Otherwise it is a draft.
    confirmations : key of a warning or query at this row ("C27.dex_start_dose") → why it is correct.
    is_removed : remove the stored row; its history stays.
    """

    entries: Entries = field(default_factory=dict, repr=False)
    seq: int | None = None
    version: int | None = None
    complete: bool = False
    confirmations: Mapping[str, str] = field(default_factory=dict, repr=False)
    is_removed: bool = False


def read_entries(model: type[Captured], entries: Entries, seq: int, today: date) -> dict[str, Value]:
    """Variable name → value.

    Parameters
    ----------
    seq : what errors call the row: its number, or its position among the rows that were sent.

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
            params = found.params | {"field": _(known[name].label)}
            errors[model.form.name, seq, name] = [_(found.message) % params]
    if errors:
        raise InvalidEntries(errors)
    return values


def put(row: Captured, values: Mapping[str, Value]) -> None:
    """Set the columns of the named variables; the others keep their values."""
    for variable in row.variables:
        if variable.name in values:
            fields.put(row, variable, values[variable.name])
