"""Rules of the edit checks: what is in force, what is proposed, and what that would change."""

from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from registry.actions import check_rules
from registry.audit.log import data_version
from registry.edit_checks.rules import DEFAULT, Rules
from registry.exceptions import InvalidEntries, NotPermitted, ReasonRequired, StaleVersion
from registry.forms.check_rules import RulesForm, check_lines, effect_table, setting_lines
from registry.models import CheckRules, RulesState, User
from registry.permissions.check import check_user_can, user_can
from registry.permissions.verbs import Verb
from registry.policies.check_rules import WAITING, check_can_put_in_force
from registry.selectors.affected_cases import affected_cases
from registry.selectors.check_rules import rules_by_id, rules_in_force, rules_in_state
from registry.selectors.rules_effect import Effect
from registry.views.access import needs
from registry.views.actor import actor_of

PAST = 20


@require_safe
@login_required
def rules_list(request: HttpRequest) -> HttpResponse:
    """What is in force, setting by setting; proposals and past rules."""
    _check_may_read(request.user)
    current = rules_in_force()
    context = {
        "settings": setting_lines(current),
        "off": list(check_lines(current)),
        "in_force": rules_in_state(RulesState.IN_FORCE).first(),
        "proposals": rules_in_state(*WAITING),
        "past": rules_in_state(RulesState.RETIRED)[:PAST],
        "may_manage": user_can(request.user, Verb.MANAGE_RULES),
        "version": current.version,
    }
    return render(request, "registry/rules/list.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
@needs(Verb.MANAGE_RULES)
def rules_propose(request: HttpRequest) -> HttpResponse:
    """Propose other rules."""
    form = RulesForm(request.POST if request.method == "POST" else None, current=rules_in_force())
    if request.method == "POST" and form.is_valid():
        try:
            proposal = check_rules.propose(actor_of(request), form.settings(), form.cleaned_data["reason"])
        except InvalidEntries as refusal:
            form.add_refusal(refusal)
        else:
            return redirect("rules", proposal.pk)
    status = 422 if form.errors else 200
    return render(request, "registry/rules/propose.html", {"form": form}, status=status)


@require_safe
@login_required
def rules(request: HttpRequest, rules_id: object) -> HttpResponse:
    """One set of rules: what it would change, and where; one's own cases by their codes."""
    return render(request, "registry/rules/rules.html", _context(request, rules_id))


@require_safe
@login_required
def rules_progress(request: HttpRequest, rules_id: object) -> HttpResponse:
    """The same while its effect is being counted; 204 while nothing differs from what the page shows."""
    context = _context(request, rules_id)
    if request.GET.get("state") == context["progress_state"]:
        return HttpResponse(status=204)
    return render(request, "registry/rules/_rules.html", context)


@require_POST
@needs(Verb.MANAGE_RULES)
def rules_put_in_force(request: HttpRequest, rules_id: object) -> HttpResponse:
    """Let cases be checked by them from now on."""
    return _decide(request, rules_id, check_rules.put_in_force, _("These rules are in force now."))


@require_POST
@needs(Verb.MANAGE_RULES)
def rules_retire(request: HttpRequest, rules_id: object) -> HttpResponse:
    """Give a proposal up."""
    return _decide(request, rules_id, check_rules.retire, _("The proposal was given up."))


def _decide(request: HttpRequest, rules_id: object, action: Any, done: str) -> HttpResponse:
    found = rules_by_id(rules_id)
    try:
        action(actor_of(request), found, request.POST.get("reason", "")[: check_rules.MAX_REASON])
    except (ReasonRequired, StaleVersion) as refused:
        messages.warning(request, str(refused))
    else:
        messages.success(request, done)
    return redirect("rules", found.pk)


def _context(request: HttpRequest, rules_id: object) -> dict[str, Any]:
    _check_may_read(request.user)
    found, current = rules_by_id(rules_id), rules_in_force()
    may_manage = user_can(request.user, Verb.MANAGE_RULES)
    is_waiting = found.state in WAITING
    is_known = found.state == RulesState.PREVIEWED and found.effect_against == current.version
    # Compared with what is in force while that is to be decided, with the specification afterwards.
    base, wanted = current if is_waiting else DEFAULT, Rules.from_json(found.settings)
    return {
        "rules": found,
        "settings": setting_lines(base, wanted),
        "checks": list(check_lines(base, wanted)),
        "is_waiting": is_waiting,
        "is_known": is_known,
        "table": effect_table(Effect(found.effect).lines()) if may_manage else None,
        "affected": affected_cases(request.user, found) if is_known else [],
        "is_counting": is_waiting and not is_known,
        "changes_since": data_version() - (found.effect_version or 0),
        "may_manage": may_manage,
        "why_not": _why_not(request.user, found, current) if may_manage and is_waiting else "",
        "progress_state": f"{found.state}.{found.cases_done}.{is_known}",
    }


def _why_not(user: User, found: CheckRules, current: Rules) -> str:
    """Why the person may not put the rules in force, for the button that is not theirs; "" when they may."""
    try:
        check_can_put_in_force(found, str(user.pk), current, reason="asked")
    except (NotPermitted, StaleVersion) as refused:
        return str(refused)
    return ""


def _check_may_read(user: User) -> None:
    """Coordinators, and whoever's cases the rules are about."""
    if not user_can(user, Verb.MANAGE_RULES):
        check_user_can(user, Verb.VIEW_CASES)
