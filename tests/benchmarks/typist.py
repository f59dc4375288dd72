"""Somebody at the keyboard, every key of whom is counted by the keystroke-level model.

Card, Moran and Newell (1980): K 0.28 s, an average non-secretary typist; M 1.35 s, mental preparation;
P 1.10 s, pointing; H 0.40 s, a hand between keyboard and mouse. R, the response of the system, is measured.

M stands before each answer (it is read off the chart) and before each command, and none before the key that
ends an answer, which is anticipated; questions passed over one after the other are one decision. A key that
is held, Ctrl or Shift, is a key.
"""

import time
from collections import Counter
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from typing import Any

from playwright.sync_api import Page

SECONDS = {"K": 0.28, "M": 1.35, "P": 1.10, "H": 0.40}

# The question that has the focus: its name, how it is answered, and its options as (code, label, key).
FOCUSED = """() => {
  const at = document.activeElement;
  const row = at.closest("[data-field]");
  if (!row || at.closest(".remark")) return null;
  const select = row.querySelector(".field-input > select");
  const options = select
    ? [...select.options].map(each => [each.value, each.textContent.trim(), ""])
    : [...row.querySelectorAll(".choice input")].map(
        each => [each.value, each.closest(".choice").textContent.trim(), each.dataset.key || ""]);
  const isUnit = at.classList.contains("unit-select");
  return { name: row.dataset.field, widget: row.dataset.widget, options, isUnit };
}"""


class Typist:
    """Types into a page, and counts."""

    def __init__(self, page: Page) -> None:
        self.page = page
        self.operators: Counter[str] = Counter()
        self.response = 0.0
        self._passing = False

    @property
    def seconds(self) -> float:
        return sum(SECONDS[name] * count for name, count in self.operators.items()) + self.response

    def press(self, keys: str) -> None:
        """Press one key, or one with others held: "Control+Enter"."""
        self.operators["K"] += len(keys.split("+"))
        self.page.keyboard.press(keys)

    def type(self, text: str) -> None:
        for character in text:
            self.press("Space" if character == " " else character)

    def think(self) -> None:
        self.operators["M"] += 1
        self._passing = False

    @contextmanager
    def waits(self) -> Iterator[None]:
        """The system answers: until the next page stands there, ready for typing."""
        started = time.perf_counter()
        with self.page.expect_navigation(wait_until="load"):
            yield
        self.response += time.perf_counter() - started
        refusal = self.page.locator(".error-summary")
        assert not refusal.count(), refusal.inner_text()

    def command(self, keys: str) -> None:
        """Decide on something that leads to another page, and do it."""
        self.think()
        with self.waits():
            self.press(keys)

    def walk(self, key: str, cell: str) -> None:
        """Go on in a grid until the focus is in a cell of this name."""
        for _ in range(20):
            if self.page.evaluate("document.activeElement.closest('[data-cell]')?.dataset.cell") == cell:
                return
            self.press(key)
        raise AssertionError(f"no cell {cell} on {self.page.url}")

    def answer_all(self, answers: Mapping[str, Any]) -> None:
        """Answer the questions of a form as they come, and pass over those between them."""
        left = dict(answers)
        while left:
            at = self.page.evaluate(FOCUSED)
            assert at is not None, f"left over on {self.page.url}: {sorted(left)}"
            if at["name"] in left and not at["isUnit"]:
                self.think()
                self._answer(at, left.pop(at["name"]))
            else:
                if not self._passing:
                    self.think()
                    self._passing = True
                self.press("Enter")

    def _answer(self, at: Mapping[str, Any], value: Any) -> None:
        match at["widget"]:
            case "radio":
                # The key goes on to the next question by itself.
                self.press(next(key for code, _label, key in at["options"] if code == value))
                return
            case "checkboxes":
                for code in value:
                    self._tick(at["options"], code)
            case "select":
                self.type(_shortest(at["options"], value))
            case _:
                self.type(_typed(str(value)))
        self.press("Enter")

    def _tick(self, options: list[list[str]], value: str) -> None:
        label, key = next((label, key) for code, label, key in options if code == value)
        if key:
            self.press(key)
            return
        focused = "document.activeElement.value"
        while self.page.evaluate(focused) != value:
            self.press(label[0].lower())
        self.press("Space")


def _shortest(options: list[list[str]], value: str) -> str:
    """The first letters that find an option in a list."""
    label = next(label for code, label, _key in options if code == value).lower()
    labels = [label.lower() for _code, label, _key in options if label]
    return next(
        label[:length]
        for length in range(1, len(label) + 1)
        if next(each for each in labels if each.startswith(label[:length])) == label
    )


def _typed(value: str) -> str:
    """A date as digits, day first; anything else as it is."""
    parts = value.split("-")
    if all(part.isdigit() for part in parts) and len(parts) > 1:
        return "".join(reversed(parts))
    return value
