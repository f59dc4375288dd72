"""Pages as a browser sees them: what a form would post back, field by field."""

from html.parser import HTMLParser
from typing import Any

from django.http import HttpResponse


class FormFields(HTMLParser):
    """Collects what the page's capture form would post: name → values, as a browser without scripts would."""

    def __init__(self) -> None:
        super().__init__()
        self.fields: dict[str, list[str]] = {}
        self.controls: set[str] = set()
        self._inside = False
        self._select = ""

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        found = dict(attrs)
        if tag == "form":
            self._inside = "data-capture" in found
        if not self._inside:
            return
        name, value = found.get("name") or "", found.get("value") or ""
        if tag == "input" and name:
            self.controls.add(name)
            if found.get("type") in ("radio", "checkbox") and "checked" not in found:
                return
            self.fields.setdefault(name, []).append(value)
        elif tag == "select":
            self._select = name
            self.controls.add(name)
            self.fields[name] = []
        # A list of which nothing is selected holds its first option.
        elif tag == "option" and self._select and ("selected" in found or not self.fields[self._select]):
            self.fields[self._select] = [value]

    def handle_endtag(self, tag: str) -> None:
        if tag == "form":
            self._inside = False
        if tag == "select":
            self._select = ""


def posted_by(response: HttpResponse, **changed: Any) -> dict[str, Any]:
    """What the page posts, with some answers changed; dots in names are written as double underscores."""
    parser = FormFields()
    parser.feed(response.content.decode())
    fields: dict[str, Any] = dict(parser.fields)
    for name, value in changed.items():
        fields[name.replace("__", ".")] = value
    return fields


def controls_of(response: HttpResponse) -> set[str]:
    """Names of all controls of the capture form."""
    parser = FormFields()
    parser.feed(response.content.decode())
    return parser.controls
