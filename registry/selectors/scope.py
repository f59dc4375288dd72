"""The one center-scope rule: pages, admin, API and selectors read patients through it."""

from uuid import UUID

from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _

from registry.exceptions import NotFound
from registry.models import Case, CaseRow, Center, User
from registry.models.scoped import ScopedQuerySet
from registry.selectors.memberships import memberships


def center_ids(user: User) -> set[UUID]:
    """Ids of the centers whose patients the person may see."""
    return {m.center_id for m in memberships(user) if m.get_role().at_center}


def cases(user: User) -> ScopedQuerySet:
    """Cases the person may see; no center, no rows."""
    return Case.objects.filter(center_id__in=center_ids(user)).select_related("center").scoped()  # type: ignore[no-any-return]


def case(user: User, case_id: object) -> Case:
    """One case; NotFound alike when it does not exist and when it is another center's."""
    try:
        return cases(user).get(pk=case_id)  # type: ignore[no-any-return]
    except (Case.DoesNotExist, ValueError, TypeError, ValidationError):
        raise NotFound(_("There is no such case.")) from None


def rows(user: User, model: type[CaseRow]) -> ScopedQuerySet:
    """Rows of one form, of every case the person may see."""
    return (  # type: ignore[no-any-return]
        model.objects.filter(case__center_id__in=center_ids(user)).select_related("case__center").scoped()
    )


def centers(user: User) -> "list[Center]":
    """Centers whose patients the person may see, by code."""
    return list(Center.objects.filter(pk__in=center_ids(user)))
