"""The registry: one patient at a time."""

from typing import Any

from django.apps import AppConfig
from django.core import checks
from django.db.models.signals import post_migrate
from django.utils.translation import gettext_lazy as _


class RegistryConfig(AppConfig):
    """Django's handle on the registry."""

    name = "registry"
    verbose_name = _("Registry")

    def ready(self) -> None:
        from registry.views import login_events  # noqa: F401  (connects the receivers)

        post_migrate.connect(arm_audit, sender=self)
        checks.register(audit_is_armed, checks.Tags.database)


def arm_audit(using: str, **kwargs: Any) -> None:
    """Install the audit triggers: SQLite drops them whenever a migration rebuilds a table."""
    from django.db import connections

    from registry.audit import triggers
    from registry.models import DataVersion, Event

    if Event._meta.db_table not in connections[using].introspection.table_names():
        return
    triggers.install(connections[using])
    DataVersion.objects.using(using).get_or_create(pk=1)


def audit_is_armed(databases: Any = None, **kwargs: Any) -> list[checks.CheckMessage]:
    """System check: the audit trail can be changed behind the registry's back."""
    from django.db import connections

    from registry.audit import triggers
    from registry.models import Event

    messages: list[checks.CheckMessage] = []
    for alias in set(databases or ()) - {"snapshot"}:
        connection = connections[alias]
        if Event._meta.db_table not in connection.introspection.table_names():
            continue
        messages += [
            checks.Error(
                f"The audit trigger {name} is missing.", hint="Run `manage.py migrate`.", id="registry.E001"
            )
            for name in triggers.missing(connection)
        ]
    return messages
