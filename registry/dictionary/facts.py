"""The facts of one case: what its forms say, without a database."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field

from registry.dictionary.catalog import CASE_FORMS, FORMS
from registry.dictionary.conditions import is_known
from registry.dictionary.entry import EntryError, Raw, read
from registry.dictionary.values import Value
from registry.dictionary.variable import Form
from registry.terminology.text import gettext_noop as _


class Record(Mapping[str, Value]):
    """One filled row of a form: variable name → value. A variable that was not entered is None."""

    __slots__ = ("_values", "form")

    def __init__(self, form: Form, values: Mapping[str, Value] | None = None) -> None:
        self.form = form
        self._values = dict(values or {})

    @classmethod
    def from_raw(cls, form: Form, raw: Mapping[str, Raw]) -> "Record":
        """Read a row of raw entries; raises EntryError, or KeyError for an unknown variable."""
        values = {}
        for name, entry in raw.items():
            try:
                values[name] = read(form.variable(name), entry)
            except EntryError as error:
                error.place = name
                raise
        return cls(form, values)

    def __getitem__(self, name: str) -> Value:
        return self._values.get(name)

    def get(self, name: str, default: Value = None) -> Value:  # type: ignore[override]
        """The value, a missing reason included; None when blank."""
        return self._values.get(name, default)

    def known(self, name: str) -> Value:
        """The value; None when it is blank or a missing reason."""
        value = self._values.get(name)
        return value if is_known(value) else None

    def __iter__(self) -> Iterator[str]:
        return iter(self._values)

    def __len__(self) -> int:
        return len(self._values)

    def __repr__(self) -> str:
        # Values are patient data: never in a log line or a traceback.
        return f"<Record {self.form.name}: {len(self._values)} values>"


@dataclass(frozen=True)
class Facts:
    """All rows of one case.

    Attributes
    ----------
    patient_code : str
    forms : mapping of form name → rows, in the order they were entered
    labrefs : the reference ranges of the case's center
    center : the center's own row (approval and activation dates)
    """

    patient_code: str = field(repr=False)
    forms: Mapping[str, tuple[Record, ...]] = field(default_factory=dict, repr=False)
    labrefs: tuple[Record, ...] = field(default=(), repr=False)
    center: Record = field(default_factory=lambda: Record(FORMS["center"]), repr=False)

    def one(self, form: str) -> Record:
        """The row of a form that does not repeat; an empty one when it was not entered."""
        rows = self.forms.get(form)
        return rows[0] if rows else Record(FORMS[form])

    def rows(self, form: str) -> tuple[Record, ...]:
        """The rows of a repeating form."""
        return self.forms.get(form, ())

    def lookup(self, record: Record) -> "Lookup":
        """How `record`'s conditions and limits find a variable: in the row, then in the case."""
        return Lookup(self, record)

    @classmethod
    def from_json(cls, case: Mapping[str, object]) -> "Facts":
        """Facts of one case in the JSON entry format.

        Raises
        ------
        EntryError
            When an entry cannot be read; its `place` says which.
        KeyError
            For an unknown form or variable, with its place.
        """
        forms = {name: tuple(_rows(name, case[name])) for name in CASE_FORMS if case.get(name)}
        unknown = set(case) - set(FORMS) - {"patient_code"}
        if unknown:
            raise KeyError(min(unknown))
        return cls(
            patient_code=str(case.get("patient_code", "")),
            forms=forms,
            labrefs=tuple(_rows("center_labref", case.get("center_labref") or [])),
            center=next(iter(_rows("center", case.get("center") or [])), Record(FORMS["center"])),
        )


class Lookup:
    """Callable name → value for one row within its case."""

    __slots__ = ("facts", "record")

    def __init__(self, facts: Facts, record: Record) -> None:
        self.facts = facts
        self.record = record

    def __call__(self, name: str) -> Value:
        if name in _HOME and _HOME[name] != self.record.form.name:
            home = _HOME[name]
            return self.facts.center[name] if home == "center" else self.facts.one(home)[name]
        return self.record[name]


# Where a variable lives; only those of forms that do not repeat can be meant from another form.
_HOME = {variable.name: form.name for form in FORMS.values() if not form.repeating for variable in form}


def _rows(name: str, rows: object) -> Iterable[Record]:
    form = FORMS[name]
    for number, row in enumerate(rows if isinstance(rows, list | tuple) else [rows], start=1):
        place = f"{name}[{number}]" if form.repeating else name
        try:
            if not isinstance(row, Mapping):
                raise EntryError(_("A row of the form %(form)s names its variables."), form=name)
            yield Record.from_raw(form, row)
        except EntryError as error:
            error.place = f"{place}.{error.place}" if error.place else place
            raise
        except KeyError as error:
            raise KeyError(f"{place}.{error.args[0]}") from None
