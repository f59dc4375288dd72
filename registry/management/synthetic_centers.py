"""The centers of the synthetic cohort in the database, made through the actions."""

from registry.actions import center as center_actions
from registry.audit.actor import Actor
from registry.management.study_cohort.cohort import center_rows
from registry.models import Center


class CodeTaken(Exception):
    """A real center has the code of a synthetic one; `str()` is the code."""


def synthetic_centers(actor: Actor) -> dict[str, Center]:
    """Center code → center, made where it is missing; reference ranges included.

    Raises
    ------
    CodeTaken
        When a center that is not synthetic has one of the codes: nothing is made.
    """
    rows = list(center_rows())
    codes = [entries["center_code"] for entries, _ in rows]
    found = {str(center): center for center in Center.objects.filter(center_code__in=codes)}
    for code, center in found.items():
        if not center.synthetic:
            raise CodeTaken(code)
    for entries, labrefs in rows:
        code = entries["center_code"]
        if code not in found:
            found[code] = center_actions.create(actor, entries, synthetic=True)
        # Each reference range is an action of its own: an interrupted run goes on where it stopped.
        for labref in labrefs[found[code].labrefs.count() :]:
            center_actions.save_labref(actor, found[code], labref)
    return found
