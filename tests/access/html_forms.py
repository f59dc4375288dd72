"""The forms of a page, as a browser would send them."""

from dataclasses import dataclass, field
from html.parser import HTMLParser


@dataclass
class HtmlForm:
    """One form that posts: where to, and its fields as they stand."""

    action: str
    fields: dict[str, list[str]] = field(default_factory=dict)


def posting(page: str) -> list[HtmlForm]:
    """Forms of an HTML text whose method is POST, or which htmx posts."""
    parser = _Parser()
    parser.feed(page)
    return parser.forms


class _Parser(HTMLParser):
    def __init__(self) -> None:
        super().__init__()
        self.forms: list[HtmlForm] = []
        self._form: HtmlForm | None = None
        self._select: tuple[str, bool] | None = None
        self._options: list[tuple[str, bool]] = []
        self._textarea: str | None = None
        self._text = ""
        self._has_button = False

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = dict(attrs)
        if tag == "form":
            posts = given.get("method", "").lower() == "post" or "hx-post" in given
            self._form = HtmlForm(given.get("hx-post") or given.get("action") or "") if posts else None
            self._has_button = False
            if self._form is not None:
                self.forms.append(self._form)
        elif self._form is not None:
            getattr(self, f"_start_{tag}", lambda given: None)(given)

    def handle_endtag(self, tag: str) -> None:
        if tag == "form":
            self._form = None
        elif tag == "select" and self._select and self._form is not None:
            name, multiple = self._select
            chosen = [value for value, selected in self._options if selected]
            if not chosen and not multiple:
                chosen = [value for value, _ in self._options[:1]]
            self._add(name, *chosen)
            self._select = None
        elif tag == "textarea" and self._textarea:
            self._add(self._textarea, self._text)
            self._textarea = None

    def handle_data(self, data: str) -> None:
        if self._textarea:
            self._text += data

    def _start_input(self, given: dict[str, str | None]) -> None:
        kind, name = given.get("type", "text"), given.get("name")
        if not name or (kind in ("checkbox", "radio") and "checked" not in given):
            return
        if kind == "submit":
            self._press(name, given.get("value") or "")
        else:
            self._add(name, given.get("value") or ("on" if kind == "checkbox" else ""))

    def _start_button(self, given: dict[str, str | None]) -> None:
        if given.get("type", "submit") == "submit" and given.get("name"):
            self._press(given["name"] or "", given.get("value") or "")

    def _start_select(self, given: dict[str, str | None]) -> None:
        if given.get("name"):
            self._select, self._options = (given["name"] or "", "multiple" in given), []

    def _start_option(self, given: dict[str, str | None]) -> None:
        self._options.append((given.get("value") or "", "selected" in given))

    def _start_textarea(self, given: dict[str, str | None]) -> None:
        self._textarea, self._text = given.get("name"), ""

    def _press(self, name: str, value: str) -> None:
        # One button sends a form, the first.
        if not self._has_button:
            self._add(name, value)
            self._has_button = True

    def _add(self, name: str, *values: str) -> None:
        assert self._form is not None
        self._form.fields.setdefault(name, []).extend(values)
