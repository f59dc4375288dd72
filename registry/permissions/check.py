"""One check per verb: `check_user_can` says why not, `user_can` is its bool."""

from django.utils.translation import gettext as _

from registry.exceptions import NotPermitted
from registry.models import Center, User
from registry.permissions.roles import GRANTS
from registry.permissions.verbs import Verb
from registry.selectors.memberships import memberships


def check_user_can(user: User, verb: Verb, center: Center | None = None) -> None:
    """Raise NotPermitted, with a reason the person can read, unless `user` may do `verb`.

    Parameters
    ----------
    center : where; None asks whether the person may do it anywhere, or study-wide.
    """
    for membership in memberships(user):
        if verb not in GRANTS[membership.get_role()]:
            continue
        if center is None or not membership.get_role().at_center or membership.center_id == center.pk:
            return
    raise NotPermitted(_("You may not %(verb)s.") % {"verb": _(verb.label)})


def user_can(user: User, verb: Verb, center: Center | None = None) -> bool:
    """Whether `user` may do `verb`."""
    try:
        check_user_can(user, verb, center)
    except NotPermitted:
        return False
    return True
