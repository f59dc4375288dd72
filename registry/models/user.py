"""People who log in. What they may do hangs on their memberships, not on the user."""

import uuid
from typing import Any

from django.contrib.auth.base_user import AbstractBaseUser, BaseUserManager
from django.db import models
from django.utils.translation import gettext_lazy as _

from registry.models.guard import Audited, AuditedQuerySet, refuse_unaudited

# What a login itself writes: no fact about the person, and the login is an event of its own.
_UNAUDITED = frozenset({"last_login", "password"})


class UserManager(BaseUserManager.from_queryset(AuditedQuerySet)):  # type: ignore[misc]
    """Looks users up by email; they are made by `registry.actions.people` only."""


class User(AbstractBaseUser, Audited):
    """A person: email to log in with, name for the audit trail."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    email = models.EmailField(_("email address"), unique=True)
    name = models.CharField(_("name"), max_length=120)
    is_active = models.BooleanField(_("active"), default=True)
    created_at = models.DateTimeField(_("created"), auto_now_add=True)

    audited_columns = ("id", "email", "name", "is_active", "created_at")

    objects = UserManager()

    USERNAME_FIELD = "email"
    EMAIL_FIELD = "email"
    REQUIRED_FIELDS = ["name"]

    class Meta:
        verbose_name = _("user")
        verbose_name_plural = _("users")

    def __str__(self) -> str:
        return self.name

    def save(self, *args: Any, **kwargs: Any) -> None:
        fields = kwargs.get("update_fields")
        if fields is None or not _UNAUDITED.issuperset(fields):
            refuse_unaudited("User")
        models.Model.save(self, *args, **kwargs)

    def get_full_name(self) -> str:
        return self.name

    def get_short_name(self) -> str:
        return self.name

    # The admin asks these; what each of its pages allows is decided by registry.permissions.
    @property
    def is_staff(self) -> bool:
        return self.is_active and self.memberships.filter(ended_at=None).exists()

    def has_perm(self, perm: str, obj: object = None) -> bool:
        return False

    def has_perms(self, perms: object, obj: object = None) -> bool:
        return False

    def has_module_perms(self, app_label: str) -> bool:
        return self.is_staff
