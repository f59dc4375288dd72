"""The API asks the same permissions as the pages; a view without one is refused to everybody."""

from typing import Any

from rest_framework.permissions import BasePermission
from rest_framework.request import Request

from registry.public import Verb, check_user_can


class HasVerb(BasePermission):
    """The person is logged in and may do the view's `verb`; refusals say why not."""

    def has_permission(self, request: Request, view: Any) -> bool:
        verb: Verb | None = getattr(view, "verb", None)
        if verb is None or not request.user.is_authenticated:
            return False
        check_user_can(request.user, verb)
        return True
