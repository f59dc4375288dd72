"""Centers and their laboratories' reference ranges."""

import re
from collections.abc import Mapping

from django.utils.translation import gettext as _

from registry.actions.change import Change, change
from registry.actions.entries import put, read_entries
from registry.actions.permitted import check_actor_can
from registry.audit.actor import Actor
from registry.audit.canonical import image
from registry.dictionary.entry import Raw
from registry.exceptions import InvalidEntries, StaleVersion
from registry.models import Action, Case, Center, CenterLabref, Event
from registry.models.captured import Captured
from registry.permissions.verbs import Verb
from registry.policies.row import check_version
from registry.today import today

Entries = Mapping[str, Raw]
CODE = r"[A-Z]{2}[0-9]{3}"


def create(actor: Actor, entries: Entries, *, synthetic: bool = False) -> Center:
    """Add a center. Raises InvalidEntries, NotPermitted."""
    check_actor_can(actor, Verb.MANAGE_CENTERS)
    center = Center(synthetic=synthetic)
    with change(actor, center=center) as work:
        _fill(center, entries)
        _check_identity(center)
        work.create(center)
    return center


def update(actor: Actor, center: Center, entries: Entries, *, version: int, reason: str = "") -> Center:
    """Correct a center. Its code never changes. Raises InvalidEntries, StaleVersion, NotPermitted."""
    check_actor_can(actor, Verb.MANAGE_CENTERS)
    with change(actor, center=center, reason=reason) as work:
        stored: Center = Center.objects.select_for_update().get(pk=center.pk)
        code = str(stored)
        check_version(stored, version)
        before = image(stored)
        _fill(stored, entries)
        if str(stored) != code:
            raise InvalidEntries({("center", 1, "center_code"): [_("The code of a center never changes.")]})
        work.update(stored, before)
    return stored


def save_labref(
    actor: Actor,
    center: Center,
    entries: Entries,
    *,
    seq: int | None = None,
    version: int | None = None,
    reason: str = "",
) -> CenterLabref:
    """Add or correct reference ranges; the center's cases are derived anew.

    Raises
    ------
    InvalidEntries, StaleVersion, NotPermitted
    """
    check_actor_can(actor, Verb.MANAGE_LABREFS, center)
    with change(actor, center=center, reason=reason) as work:
        if seq is None:
            labref = CenterLabref(center=center, seq=_next_seq(center))
            _fill(labref, entries, labref.seq)
            work.create(labref)
        else:
            found = CenterLabref.objects.select_for_update().filter(center=center, seq=seq).first()
            if found is None:
                raise StaleVersion(_("These ranges were removed by somebody else."))
            labref = found
            check_version(labref, version)
            before = image(labref)
            _fill(labref, entries, seq)
            work.update(labref, before)
        _derive_again(work, center)
    return labref


def remove(actor: Actor, center: Center, *, version: int, reason: str = "") -> None:
    """Remove a center that was added by mistake: nothing may hang on it.

    Raises
    ------
    StaleVersion, InvalidEntries, NotPermitted
    """
    check_actor_can(actor, Verb.MANAGE_CENTERS)
    with change(actor, center=center, reason=reason) as work:
        stored = Center.objects.select_for_update().filter(pk=center.pk).first()
        if stored is None:
            raise StaleVersion(_("This center was removed by somebody else."))
        check_version(stored, version)
        if (
            Case.objects.filter(center=stored).scoped().exists()
            or stored.memberships.exists()
            or stored.labrefs.exists()
        ):
            message = _("A center with patients, people or reference ranges is not removed.")
            raise InvalidEntries({("center", 1, ""): [message]})
        work.delete(stored)


def remove_labref(actor: Actor, center: Center, seq: int, *, version: int, reason: str = "") -> None:
    """Remove reference ranges; the center's cases are derived anew.

    Raises
    ------
    StaleVersion, NotPermitted
    """
    check_actor_can(actor, Verb.MANAGE_LABREFS, center)
    with change(actor, center=center, reason=reason) as work:
        stored = CenterLabref.objects.select_for_update().filter(center=center, seq=seq).first()
        if stored is None:
            raise StaleVersion(_("These ranges were removed by somebody else."))
        check_version(stored, version)
        work.delete(stored)
        _derive_again(work, center)


def _derive_again(work: Change, center: Center) -> None:
    for case in (
        Case.objects.filter(center=center).scoped().select_related("center").select_for_update(of=("self",))
    ):
        work.rebuild(case)


def _fill(row: Captured, entries: Entries, seq: int = 1) -> None:
    values = read_entries(type(row), entries, seq, today())
    put(row, values)
    record = row.record()
    owed = [
        variable
        for variable in row.variables
        if variable.required == "always" and record[variable.name] is None
    ]
    if owed:
        raise InvalidEntries({(row.form.name, seq, each.name): [_("Please answer.")] for each in owed})


def _check_identity(center: Center) -> None:
    if not re.fullmatch(CODE, str(center)):
        message = _("Two capital letters and three digits, such as IT014.")
    elif Center.objects.filter(center_code=str(center)).exists():
        message = _("There is a center with this code already.")
    else:
        return
    raise InvalidEntries({("center", 1, "center_code"): [message]})


def _next_seq(center: Center) -> int:
    made = Event.objects.filter(
        center_id=str(center.pk), table=CenterLabref._meta.db_table, action=Action.CREATE
    )
    return made.count() + 1
