"""The rules of the edit checks: in force, proposed, past; and what proposed ones would change, by scope."""

from django.core.exceptions import ValidationError
from django.db import connections
from django.db.models import QuerySet
from django.utils.translation import gettext as _

from registry.edit_checks.rules import DEFAULT, Rules
from registry.exceptions import NotFound
from registry.models import CheckRules, RulesState
from registry.selectors.compiled import compiled_rows


def rules_in_force(using: str = "default") -> Rules:
    """The settings somebody has put in force; the specification's own until then."""
    found = next(compiled_rows(CheckRules, "state", RulesState.IN_FORCE, connections[using]), None)
    return DEFAULT if found is None else Rules.from_json(found.settings)


def rules_in_state(*states: RulesState) -> QuerySet[CheckRules]:
    """Sets of rules, the newest first, without the cases they would change."""
    return CheckRules.objects.filter(state__in=states).defer("effect")


def rules_by_id(rules_id: object) -> CheckRules:
    """One set of rules; raises NotFound."""
    try:
        return CheckRules.objects.get(pk=rules_id)  # type: ignore[no-any-return]
    except (CheckRules.DoesNotExist, ValidationError):
        raise NotFound(_("There are no such rules.")) from None
