"""The import rules cover everything there is; `make check` runs them."""

import subprocess
import sys
import tomllib
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
CONTRACTS = {
    contract["id"]: contract
    for contract in tomllib.loads((ROOT / "pyproject.toml").read_text())["tool"]["importlinter"]["contracts"]
}
PURE = CONTRACTS["pure"]["source_modules"]


def children(package: str) -> set[str]:
    """Modules and packages right below a package."""
    folder = ROOT / package
    modules = {path.stem for path in folder.glob("*.py")} - {"__init__"}
    packages = {path.parent.name for path in folder.glob("*/__init__.py")}
    return {f"{package}.{name}" for name in modules | packages}


def test_the_only_doors_into_the_registry_are_the_three() -> None:
    shut = set(CONTRACTS["one-door"]["forbidden_modules"])
    assert children("registry") - shut == {"registry.public", "registry.dictionary", "registry.terminology"}


def test_the_layers_are_the_ones_of_the_design() -> None:
    layers = [layer.replace("(", "").replace(")", "") for layer in CONTRACTS["registry-layers"]["layers"]]
    assert layers == [
        "views | admin | api | tasks | management | middleware",
        "exports",
        "public | imports",
        *("forms", "actions", "audit", "permissions", "policies", "selectors", "models", "fields"),
        *("edit_checks", "derivations", "dictionary"),
        "terminology | exceptions | today",
    ]
    assert CONTRACTS["registry-layers"]["exhaustive"]
    assert CONTRACTS["analytics-layers"]["exhaustive"]


@pytest.mark.parametrize("package", PURE)
def test_a_pure_package_is_usable_without_any_framework(package: str) -> None:
    # Every module of it, in a process in which the frameworks cannot be imported at all.
    code = f"""
import importlib, pkgutil, sys
for name in {CONTRACTS["pure"]["forbidden_modules"]!r}:
    sys.modules[name] = None
package = importlib.import_module({package!r})
for module in pkgutil.walk_packages(package.__path__, {package + "."!r}):
    importlib.import_module(module.name)
"""
    result = subprocess.run(
        [sys.executable, "-c", code], cwd=ROOT, capture_output=True, text=True, timeout=120
    )
    assert result.returncode == 0, result.stderr


def test_package_files_stay_empty() -> None:
    written = [
        str(path.relative_to(ROOT))
        for package in ("registry", "analytics")
        for path in (ROOT / package).rglob("__init__.py")
        # Django finds models by importing this one package; it lists them and does nothing else.
        if path.read_text().strip() and path.parent.name != "models"
    ]
    assert not written
