"""The key that gives an answer: the digit of its code, else its first letter, else its number in the row."""

from collections.abc import Callable, Sequence

from registry.dictionary.variable import Choice

# More answers than digits are found by their first letters.
MOST = 9


def answer_keys(choices: Sequence[Choice], labels: Sequence[str]) -> list[str]:
    """One key per choice, no two the same; none of them where there are more than nine."""
    if len(choices) > MOST:
        return [""] * len(choices)
    taken: dict[int, str] = {}
    # Whoever has a good key takes it before somebody else falls back on theirs.
    for wished in _WISHES:
        for index, choice in enumerate(choices):
            free = [key for key in wished(choice, labels[index], index) if key not in taken.values()]
            if index not in taken and free:
                taken[index] = free[0]
    return [taken[index] for index in range(len(choices))]


def _digit(choice: Choice, label: str, index: int) -> str:
    return choice.code if len(choice.code) == 1 and choice.code.isdigit() else ""


def _initial(choice: Choice, label: str, index: int) -> str:
    # Every keyboard has these; accents and signs are not on all of them.
    first = label[:1].lower()
    return first if first.isascii() and first.isalnum() else ""


def _number(choice: Choice, label: str, index: int) -> str:
    return f"{index + 1}123456789"


_WISHES: tuple[Callable[[Choice, str, int], str], ...] = (_digit, _initial, _number)
