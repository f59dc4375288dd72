"""Nothing writes audited rows but `registry.actions`; nothing reads patients but through a scope.

The models refuse at run time (tests/registry/models/test_guard.py); this looks for code that would try, or
that steps around them.
"""

import ast
from collections.abc import Iterator
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]

WRITES = frozenset(
    f"{prefix}{name}"
    for prefix in ("", "a")
    for name in (
        *("save", "delete", "create", "update", "bulk_create", "bulk_update"),
        *("update_or_create", "get_or_create"),
    )
)
# They pass by the models, which could then not refuse.
AROUND = frozenset({"save_base", "_raw_delete", "_base_manager", "_insert", "_update", "cursor", "execute"})

# Where writing is allowed, and why. Actions are found by what is imported from them.
MAY_WRITE = {
    "registry/actions": "the one write path",
    "registry/audit/log.py": "events, inside an action's transaction",
    "registry/models/guard.py": "the refusal itself",
    "registry/models/user.py": "the refusal itself, and what a login writes",
    "registry/apps.py": "the counter row of an empty database",
    "registry/api/tokens.py": "API tokens are no audited rows; logging in and out are events",
    "registry/views/account_adapter.py": "a password, which no event may hold; that it changed is one",
    "registry/forms/account.py": "a form of allauth that sends mail and stores nothing",
    "registry/admin/base.py": "a dictionary",
}
MAY_PASS_BY = {
    "registry/actions/bulk.py": "sends statements made ready in advance, inside an action's transaction",
    "registry/audit/log.py": "takes numbers from the counter row",
    "registry/audit/triggers.py": "installs the triggers that refuse",
    "registry/selectors/compiled.py": "reads rows of one case faster",
    "registry/management/commands/grant_application_role.py": "grants of the database itself",
    "registry/views/health.py": "asks whether the database answers",
    "analytics/models/release_trigger.py": "installs the triggers that refuse",
}
MAY_UNLOCK = {"registry/actions", "registry/models/guard.py"}
MAY_SCOPE = {
    "registry/selectors": "scope.py is the rule; the others are given cases",
    "registry/actions": "an action has checked its actor",
    "registry/models": "defines it",
    "registry/public.py": "data cuts hold all cases",
    "registry/audit/verify.py": "verification reads every table",
}
PURE = (
    "dictionary",
    "derivations",
    "edit_checks",
    "terminology",
    "migrations",
    "statistics",
    "figures",
    "tables",
)


def modules(package: str) -> list[Path]:
    return [
        path
        for path in sorted((ROOT / package).rglob("*.py"))
        if not set(path.relative_to(ROOT).parts) & set(PURE)
    ]


def within(path: Path, allowed: object) -> bool:
    name = path.relative_to(ROOT).as_posix()
    return any(name == place or name.startswith(f"{place}/") for place in allowed)  # type: ignore[attr-defined]


def called(tree: ast.AST, names: frozenset[str]) -> Iterator[tuple[int, str]]:
    """Line and text of every call of a method with one of these names, but for calls of actions."""
    actions = {
        alias.asname or alias.name
        for node in ast.walk(tree)
        if isinstance(node, ast.ImportFrom) and (node.module or "").startswith("registry.actions")
        for alias in node.names
    }
    for node in ast.walk(tree):
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute) and node.func.attr in names:
            owner = node.func.value
            if not (isinstance(owner, ast.Name) and owner.id in actions):
                yield node.lineno, ast.unparse(node.func)


def used(tree: ast.AST, names: frozenset[str]) -> Iterator[tuple[int, str]]:
    """Line and text of every attribute or imported name among `names`."""
    for node in ast.walk(tree):
        if isinstance(node, ast.Attribute) and node.attr in names:
            yield node.lineno, ast.unparse(node)
        elif isinstance(node, ast.ImportFrom):
            yield from ((node.lineno, alias.name) for alias in node.names if alias.name in names)


def found(package: str, look, names: set[str] | frozenset[str], allowed: object) -> list[str]:
    return [
        f"{path.relative_to(ROOT)}:{line} {text}"
        for path in modules(package)
        if not within(path, allowed)
        for line, text in look(ast.parse(path.read_text()), frozenset(names))
    ]


def test_nothing_in_the_registry_writes_but_actions():
    assert found("registry", called, WRITES, MAY_WRITE) == []


@pytest.mark.parametrize("package", ["registry", "analytics"])
def test_nothing_passes_the_models_by(package: str):
    assert found(package, used, AROUND, MAY_PASS_BY) == []


@pytest.mark.parametrize("package", ["registry", "analytics"])
def test_only_actions_unlock_writing(package: str):
    assert found(package, used, {"writes_allowed"}, MAY_UNLOCK) == []


@pytest.mark.parametrize("package", ["registry", "analytics"])
def test_only_selectors_and_actions_lift_the_scope(package: str):
    assert found(package, used, {"scoped", "_is_scoped"}, MAY_SCOPE) == []


def test_the_lists_of_exceptions_name_what_there_is():
    for place in {*MAY_WRITE, *MAY_PASS_BY, *MAY_UNLOCK, *MAY_SCOPE}:
        assert (ROOT / place).exists(), place


@pytest.mark.parametrize(
    ("code", "look", "names"),
    [
        ("row.save()", called, WRITES),
        ("Case.objects.filter(pk=1).update(synthetic=True)", called, WRITES),
        ("Center.objects.bulk_create(rows)", called, WRITES),
        ("from registry.models.guard import writes_allowed", used, {"writes_allowed"}),
        ("guard.writes_allowed()", used, {"writes_allowed"}),
        ("Case._base_manager.update(synthetic=True)", used, AROUND),
        ("connection.cursor().execute(text)", used, AROUND),
        ("Case.objects.scoped()", used, {"scoped"}),
    ],
)
def test_it_would_be_found(code: str, look, names):
    assert list(look(ast.parse(code), frozenset(names)))


def test_a_call_of_an_action_is_none():
    code = "from registry.actions import record\nrecord.save(actor)"
    assert list(called(ast.parse(code), WRITES)) == []
