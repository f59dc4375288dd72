"""Three-valued logic: True, False, or None where the entries do not decide."""

from collections.abc import Iterable


def all_of(terms: Iterable[bool | None]) -> bool | None:
    """False when one term is false; else None when one is undecided; else True."""
    undecided = False
    for term in terms:
        if term is False:
            return False
        undecided = undecided or term is None
    return None if undecided else True


def any_of(terms: Iterable[bool | None]) -> bool | None:
    """True when one term is true; else None when one is undecided; else False."""
    undecided = False
    for term in terms:
        if term:
            return True
        undecided = undecided or term is None
    return None if undecided else False
