"""What the edit checks say of a case. The caller has the right to it."""

from collections.abc import Mapping

from registry.derivations.case import derive
from registry.derivations.derived import Derived
from registry.dictionary.facts import Facts
from registry.edit_checks import case as case_checks
from registry.edit_checks.check import Context
from registry.edit_checks.finding import Finding
from registry.edit_checks.rules import Rules
from registry.models import Case
from registry.selectors.check_rules import rules_in_force
from registry.selectors.possible_duplicate import has_twin
from registry.today import today


def findings_of(
    case: Case | None,
    facts: Facts,
    derived: Mapping[str, Derived] | None = None,
    rules: Rules | None = None,
    twin: bool | None = None,
) -> list[Finding]:
    """Findings of a case with these facts today.

    Parameters
    ----------
    case : None for one that is not stored yet.
    facts : as stored, or as they would be.
    derived : of these facts, where they are derived already.
    rules : those in force, where none are given.
    twin : whether another record looks like the same patient, where that is known.
    """
    derived = derive(facts) if derived is None else derived
    rules = rules_in_force() if rules is None else rules
    twin = has_twin(case, facts) if twin is None else twin
    context = Context(facts, derived, today(), rules, twin)
    return case_checks.findings(context)
