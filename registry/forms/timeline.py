"""The patient's picture: everything dated on one axis, as marks to draw and a table that says the same.

Pure layout: facts and derived values in, positions out. A partial date is drawn as the span it may lie in.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from django.utils.translation import gettext as _

from registry.derivations.dates import Span, add_months
from registry.derivations.derived import Derived
from registry.derivations.reading import code, codes, day, span, whole
from registry.dictionary.facts import Facts, Record
from registry.dictionary.values import Value
from registry.forms.wording import choice_text, day_text
from registry.terminology.regimens import MAINTENANCE, name_of

# Everything is measured in pixels of a drawing this wide.
WIDTH = 1120
GUTTER = 104
MARGIN = 132
ROW = 24
TOP = 30
_LETTER = 6.6
_LABEL_LEVELS = 3

# Okabe and Ito's colors, which everybody can tell apart; shapes and words say the same.
BLUE, ORANGE, SKY, PURPLE, VERMILLION = "#0072B2", "#E69F00", "#56B4E9", "#CC79A7", "#D55E00"


@dataclass(frozen=True)
class Bar:
    """A treatment: its certain part, what lies in partial dates on both sides, what is written beside it."""

    x: int
    width: int
    y: int
    color: str
    title: str
    blurred: tuple[tuple[int, int], ...] = ()
    is_dara: bool = False
    is_open: bool = False

    @property
    def end(self) -> int:
        """Where its right end is, the arrow of what goes on included."""
        return self.x + self.width + (6 if self.is_open else 0)


@dataclass(frozen=True)
class Point:
    """Something that happened on a day; `shape` is what tells it apart."""

    x: int
    y: int
    shape: str
    title: str
    color: str = "currentColor"
    blurred: tuple[tuple[int, int], ...] = ()


@dataclass(frozen=True)
class Text:
    """A label; `anchor` as in SVG."""

    x: int
    y: int
    text: str
    anchor: str = "start"
    is_strong: bool = False


@dataclass(frozen=True)
class Tick:
    """A line of the axis, with its label."""

    x: int
    label: str


@dataclass(frozen=True)
class Event:
    """One line of the table that says what the picture shows."""

    on: date
    when: str
    what: str
    detail: str


@dataclass(frozen=True)
class Timeline:
    """Everything the template draws, in pixels.

    Attributes
    ----------
    start : where IsaPd began; None when it is not known.
    legend : (shape, color, words) of the shapes that occur.
    """

    height: int
    bottom: int
    rows: tuple[Text, ...]
    bars: tuple[Bar, ...]
    points: tuple[Point, ...]
    cycles: tuple[Point, ...]
    texts: tuple[Text, ...]
    years: tuple[Tick, ...]
    months: tuple[Tick, ...]
    start: int | None
    legend: tuple[tuple[str, str, str], ...]
    events: tuple[Event, ...]


def timeline(facts: Facts, derived: Mapping[str, Derived]) -> Timeline | None:
    """The picture of a case; None while nothing of it is dated."""
    drawing = _Drawing(facts, derived)
    return drawing.finished() if drawing.scale else None


@dataclass(frozen=True)
class _Scale:
    """Days to pixels."""

    first: date
    last: date

    def x(self, when: date) -> int:
        days = max((self.last - self.first).days, 1)
        return round(GUTTER + (WIDTH - GUTTER - MARGIN) * (when - self.first).days / days)


class _Drawing:
    """Rows from top to bottom, in the order of a history: prior lines, IsaPd, responses, what came after."""

    def __init__(self, facts: Facts, derived: Mapping[str, Derived]) -> None:
        self.facts, self.derived = facts, derived
        self.start = day(facts.one("isapd_treatment"), "isapd_start_date")
        alive = derived["last_alive_date"].value
        self.alive = alive if isinstance(alive, date) else None
        self.death = next(
            (each for row in facts.rows("follow_up") if (each := span(row, "death_date"))), None
        )
        days = list(self._days())
        self.scale = _Scale(min(days), max(days)) if days else None
        self.y = TOP
        self.rows: list[Text] = []
        self.bars: list[Bar] = []
        self.points: list[Point] = []
        self.cycles: list[Point] = []
        self.texts: list[Text] = []
        self.events: list[Event] = []
        self.legend: dict[str, tuple[str, str, str]] = {}

    def finished(self) -> Timeline:
        self._prior_lines()
        self._isapd()
        self._responses()
        self._progression()
        self._next_therapies()
        self._end()
        assert self.scale is not None
        return Timeline(
            height=self.y + 34,
            bottom=self.y,
            rows=tuple(self.rows),
            bars=tuple(self.bars),
            points=tuple(self.points),
            cycles=tuple(self.cycles),
            texts=tuple(self.texts),
            years=tuple(_years(self.scale)),
            months=tuple(_months(self.scale, self.start)) if self.start else (),
            start=self.scale.x(self.start) if self.start else None,
            legend=tuple(self.legend.values()),
            events=tuple(sorted(self.events, key=lambda event: event.on)),
        )

    # --- What there is to show ------------------------------------------------------------------------------

    def _days(self) -> Iterator[date]:
        dated = {
            "prior_line": ("line_start", "line_stop", "line_progression_date"),
            "isapd_treatment": ("isapd_start_date", "isapd_end_date"),
            "isapd_cycle": ("cycle_start",),
            "response": ("resp_date",),
            "progression": ("pd_date",),
            "subsequent_therapy": ("subs_start", "subs_stop"),
            "follow_up": ("contact_date", "death_date"),
        }
        for form, names in dated.items():
            for row in self.facts.rows(form):
                for when in filter(None, (span(row, name) for name in names)):
                    yield when.earliest
                    yield when.latest

    def _prior_lines(self) -> None:
        rows = self.facts.rows("prior_line")
        for row in sorted(rows, key=lambda row: (whole(row, "line_no") or 99, str(row.known("line_start")))):
            number = whole(row, "line_no")
            drugs = [
                each
                for each in self.facts.rows("prior_line_drug")
                if number and whole(each, "line_no_ref") == number
            ]
            is_dara = any(code(each, "drug") == "DARA" for each in drugs)
            best = code(row, "line_best_response") or ""
            name = regimen_name(drugs, grafted=code(row, "line_transplant") not in (None, "NONE"))
            graft = _GRAFTS.get(code(row, "line_transplant") or "", "")
            label = " · ".join(filter(None, (name, graft, _short(best))))
            title = _("Line %(number)s") % {"number": number or "?"}
            self._row(title)
            drawn = self._bar(
                span(row, "line_start"),
                span(row, "line_stop"),
                label,
                title,
                ORANGE if is_dara else SKY,
                is_dara=is_dara,
            )
            self._event(
                row, "line_start", title, _("starts: %(what)s") % {"what": name or _("drugs not entered")}
            )
            self._event(
                row,
                "line_stop",
                title,
                _("last dose; best response %(best)s") % {"best": _short(best) or "–"},
            )
            self._event(row, "line_transplant_date", title, graft)
            after = drawn.end if drawn else None
            if when := span(row, "line_progression_date"):
                point = self._point(
                    when,
                    "triangle",
                    VERMILLION,
                    f"{title}: {_('progression')} {_said(row, 'line_progression_date')}",
                )
                after = max(after or 0, point.x + 5)
                self._event(row, "line_progression_date", title, _("progression"))
                self._explain("triangle", VERMILLION, _("progression"))
            if after is not None:
                self._beside(drawn.x if drawn else after, after, label)
            if is_dara:
                self._explain("dara", ORANGE, _("line with daratumumab"))

    def _isapd(self) -> None:
        row, cycles = self.facts.one("isapd_treatment"), self.facts.rows("isapd_cycle")
        if self.start is None:
            return
        self._row("IsaPd")
        begun = [when for each in cycles if (when := day(each, "cycle_start"))]
        ended = span(row, "isapd_end_date")
        is_open = ended is None
        last = max([*begun, self.start, *([self.alive] if self.alive and is_open else [])])
        end = ended or Span(last, last, last)
        count = len(cycles)
        label = " · ".join(
            filter(None, ("IsaPd", _("%(count)s cycles") % {"count": count} if count > 1 else ""))
        )
        drawn = self._bar(
            Span(self.start, self.start, self.start), end, label, "IsaPd", BLUE, is_open=is_open
        )
        self._event(row, "isapd_start_date", "IsaPd", _("starts"))
        self._event(row, "isapd_end_date", "IsaPd", _("ends"))
        assert self.scale is not None
        for each in cycles:
            if when := day(each, "cycle_start"):
                number = whole(each, "cycle_no") or "?"
                title = _("Cycle %(number)s: %(day)s") % {"number": number, "day": day_text(when)}
                self.cycles.append(Point(self.scale.x(when), self._middle, "cycle", title))
        if cycles:
            self._explain("cycle", "currentColor", _("start of a cycle"))
        if drawn:
            self._beside(drawn.x, drawn.end, label)

    def _responses(self) -> None:
        visits = [(when, row) for row in self.facts.rows("response") if (when := day(row, "resp_date"))]
        visits.sort(key=lambda visit: visit[0])
        if not visits:
            return
        computed = self._computed(visits)
        self.y += _LABEL_LEVELS * 11 - 8
        self._row(_("Response"))
        ends, before = [0] * _LABEL_LEVELS, ""
        for when, row in visits:
            judged, ours = code(row, "resp_investigator") or "", computed.get(id(row), "")
            differs = bool(ours and judged and ours != judged)
            label = f"{_short(judged)}≠{_short(ours)}" if differs else _short(judged or ours)
            detail = _("investigator %(judged)s, computed %(computed)s") % {
                "judged": _short(judged) or "–",
                "computed": _short(ours) or "–",
            }
            worse = "PD" in (judged, ours)
            point = self._point(
                Span(when, when, when),
                "ring" if differs else "dot",
                VERMILLION if worse else "currentColor",
                f"{day_text(when)}: {detail}",
            )
            self.events.append(Event(when, day_text(when), _("Response"), detail))
            if differs:
                self._explain("ring", "currentColor", _("investigator ≠ computed"))
            if label and label != before:
                self._above(point.x, label, ends)
            before = label
        self._explain("dot", "currentColor", _("response assessment"))

    def _progression(self) -> None:
        row = self.facts.one("progression")
        found = span(row, "pd_date") if code(row, "pd_occurred") == "Y" else None
        analyzed = self.derived["pd_date_analysis"].value
        if found is None and isinstance(analyzed, date):
            found = Span(analyzed, analyzed, analyzed)
        if found is None:
            return
        self._row(_("Progression"))
        text = _said(row, "pd_date") or day_text(found.imputed)
        point = self._point(found, "triangle", VERMILLION, f"{_('Progression')} {text}")
        self._beside(point.x, point.x + 5, f"PD {text}")
        self.events.append(Event(found.imputed, text, _("Progression"), _("on IsaPd or after it")))
        self._explain("triangle", VERMILLION, _("progression"))

    def _next_therapies(self) -> None:
        rows = self.facts.rows("subsequent_therapy")
        for row in sorted(rows, key=lambda row: whole(row, "subs_line_no") or 99):
            title = _("Next line %(number)s") % {"number": whole(row, "subs_line_no") or "?"}
            variable = row.form.variable("subs_drugs")
            given = codes(row, "subs_drugs") or ()
            name = name_of(given) or " + ".join(_drug(choice_text(variable, each)) for each in given)
            best = _short(code(row, "subs_best_response") or "")
            label = " · ".join(filter(None, (name, best)))
            self._row(title)
            begins, ends = span(row, "subs_start"), span(row, "subs_stop")
            last = self.alive if self.alive and begins and self.alive > begins.latest else None
            reach = ends or (Span(last, last, last) if last else begins)
            drawn = self._bar(begins, reach, label, title, PURPLE, is_open=ends is None)
            self._event(row, "subs_start", title, _("starts: %(what)s") % {"what": name or "–"})
            self._event(row, "subs_stop", title, _("ends"))
            if drawn:
                self._beside(drawn.x, drawn.end, label)

    def _end(self) -> None:
        if self.death is None and self.alive is None:
            return
        self._row(_("Last known"))
        if self.death is not None:
            row = next(row for row in self.facts.rows("follow_up") if span(row, "death_date"))
            text, word, shape = _said(row, "death_date"), _("death"), "cross"
            when = self.death
        else:
            assert self.alive is not None
            text, word, shape = day_text(self.alive), _("alive"), "square"
            when = Span(self.alive, self.alive, self.alive)
        point = self._point(when, shape, "currentColor", f"{word} {text}")
        self._beside(point.x, point.x + 5, f"{word} {text}")
        self.events.append(Event(when.imputed, text, _("Last known"), word))

    # --- Putting it on paper --------------------------------------------------------------------------------

    @property
    def _middle(self) -> int:
        return self.y - ROW // 2

    def _row(self, name: str) -> None:
        self.y += ROW
        self.rows.append(Text(0, self._middle + 4, name))

    def _event(self, row: Record, name: str, what: str, detail: str) -> None:
        if when := span(row, name):
            self.events.append(Event(when.imputed, _said(row, name), what, detail))

    def _explain(self, shape: str, color: str, words: str) -> None:
        self.legend.setdefault(shape, (shape, color, words))

    def _bar(
        self,
        begins: Span | None,
        ends: Span | None,
        label: str,
        title: str,
        color: str,
        *,
        is_dara: bool = False,
        is_open: bool = False,
    ) -> Bar | None:
        if self.scale is None or (begins is None and ends is None):
            return None
        begins, ends = begins or ends, ends or begins
        assert begins is not None
        assert ends is not None
        x = self.scale.x
        left, right = x(min(begins.latest, ends.latest)), x(max(ends.earliest, begins.earliest))
        if right < left:
            left = right = (left + right) // 2
        blurred = tuple(
            (x(each.earliest), max(x(each.latest) - x(each.earliest), 2))
            for each in (begins, ends)
            if not each.is_exact
        )
        bar = Bar(
            left,
            max(right - left, 3),
            self._middle - 6,
            color,
            f"{title}: {label}",
            blurred,
            is_dara,
            is_open,
        )
        self.bars.append(bar)
        return bar

    def _point(self, when: Span, shape: str, color: str, title: str) -> Point:
        assert self.scale is not None
        x = self.scale.x
        blurred = () if when.is_exact else ((x(when.earliest), max(x(when.latest) - x(when.earliest), 2)),)
        point = Point(x(when.imputed), self._middle, shape, title, color, blurred)
        self.points.append(point)
        return point

    def _beside(self, left: int, right: int, text: str) -> None:
        """Right of its mark, or left of it where there is no room."""
        if right + 8 + len(text) * _LETTER <= WIDTH:
            self.texts.append(Text(right + 8, self._middle + 4, text))
        else:
            self.texts.append(Text(left - 8, self._middle + 4, text, "end"))

    def _above(self, x: int, text: str, ends: list[int]) -> None:
        """Above its point, a step higher where the label before is in the way; left out where all are."""
        half = round(len(text) * _LETTER / 2)
        for level, taken in enumerate(ends):
            if x - half > taken:
                ends[level] = x + half + 2
                self.texts.append(Text(x, self._middle - 8 - 11 * level, text, "middle"))
                return

    def _computed(self, visits: Sequence[tuple[date, Record]]) -> dict[int, str]:
        """The computed response of each assessment after the start, which are answered in order of date."""
        after = [row for when, row in visits if self.start and when > self.start]
        answers = self.derived["imwg_response"].value
        return {
            id(row): str(answer)
            for row, answer in zip(after, answers if isinstance(answers, tuple) else (), strict=False)
        }


_GRAFTS = {"AUTO1": "ASCT", "AUTO2": "2 × ASCT", "ALLO": "allo-SCT", "AUTO_ALLO": "ASCT + allo-SCT"}


def regimen_name(drugs: Sequence[Record], *, grafted: bool = False) -> str:
    """What a line's drugs are called: the regimen, "→" what followed as maintenance; else code by code.

    Melphalan beside a transplant is its conditioning, which is no part of the regimen's name.
    """
    given = {each: codes(row, "drug_phase") or () for row in drugs if (each := code(row, "drug"))}
    if grafted and not name_of(given):
        given = {each: phases for each, phases in given.items() if each != "MEL"} or given
    later = [each for each, phases in given.items() if "MAINT" in phases]
    first = [each for each, phases in given.items() if each not in later or "IND" in phases]
    names = [name_of(first), name_of(later, MAINTENANCE)]
    if first and later and all(names):
        return " → ".join(names)
    return name_of(given) or "-".join(given)


def _drug(label: str) -> str:
    """A drug without its class."""
    return label.split(" [")[0]


def _short(response: str) -> str:
    return "sCR" if response == "SCR" else response


def _said(row: Record, name: str) -> str:
    value: Value = row.known(name)
    return day_text(value) if value is not None and not isinstance(value, str | int | tuple) else ""


def _years(scale: _Scale) -> Iterator[Tick]:
    pixels = scale.x(date(scale.first.year + 1, 1, 1)) - scale.x(date(scale.first.year, 1, 1))
    step = next((step for step in (1, 2, 5, 10) if pixels * step >= 40), 20)
    for year in range(scale.first.year + 1, scale.last.year + 1):
        if year % step == 0:
            yield Tick(scale.x(date(year, 1, 1)), str(year))


def _months(scale: _Scale, start: date) -> Iterator[Tick]:
    pixels = (WIDTH - GUTTER - MARGIN) * 30.4375 / max((scale.last - scale.first).days, 1)
    step = next((step for step in (1, 3, 6, 12, 24, 60) if pixels * step >= 34), 120)
    reach = (scale.last - scale.first).days // 30 // step + 1
    for count in range(-reach, reach + 1):
        when = _shifted(start, count * step)
        if scale.first <= when <= scale.last:
            yield Tick(scale.x(when), f"{count * step:+d}".replace("-", "−") if count else "0")


def _shifted(day: date, months: int) -> date:
    return add_months(day, months) if day.year * 12 + months > 12 else date.min
