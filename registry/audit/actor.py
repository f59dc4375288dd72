"""Who acts, and from where."""

from dataclasses import dataclass, replace
from typing import Self

from registry.models import Source, User
from registry.permissions.roles import SYSTEM
from registry.selectors.memberships import roles_text


@dataclass(frozen=True)
class Actor:
    """Who gives a command. Name and role are text: the event outlives the account.

    Attributes
    ----------
    user : the person; None for the software itself (a command, a task).
    batch : request id or import batch that ties events together.
    """

    user: User | None
    name: str
    role: str
    source: Source
    batch: str = ""

    @classmethod
    def person(cls, user: User, source: Source = Source.PAGE, batch: str = "") -> Self:
        """A logged-in person."""
        return cls(user, user.name, roles_text(user), source, batch)

    @classmethod
    def system(cls, name: str, source: Source = Source.COMMAND, batch: str = "") -> Self:
        """The software: a management command or a task, by its name."""
        return cls(None, name, SYSTEM, source, batch)

    @classmethod
    def nobody(cls, name: str, source: Source = Source.PAGE, batch: str = "") -> Self:
        """Somebody who is not logged in, as in a failed login."""
        return cls(None, name, "", source, batch)

    def within(self, batch: str) -> Self:
        return replace(self, batch=batch)
