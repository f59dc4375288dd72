"""Numbers in the messages of the checks, rounded for people only; nothing is decided on them."""

from fractions import Fraction

from registry.derivations.months import half_up


def shown(number: Fraction) -> str:
    """At most two decimals, rounded half up, without zeros at the end."""
    text = half_up(number, 2)
    return text.rstrip("0").rstrip(".")
