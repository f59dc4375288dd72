"""A statistician can use the pure packages without the registry around them."""

from __future__ import annotations

import pkgutil
import subprocess
import sys

import pytest

import analytics.figures
import analytics.statistics
import analytics.tables
import analytics.validation
import analytics.validation.operations

PACKAGES = (
    analytics.statistics,
    analytics.figures,
    analytics.tables,
    analytics.validation,
    analytics.validation.operations,
)


@pytest.mark.parametrize("package", PACKAGES, ids=lambda package: package.__name__)
def test_imports_neither_django_nor_the_slow_libraries_of_others(package):
    modules = [f"{package.__name__}.{module.name}" for module in pkgutil.iter_modules(package.__path__)]
    code = (
        f"import sys, importlib\n[importlib.import_module(name) for name in {modules!r}]\n"
        "print(sorted(set(name.partition('.')[0] for name in sys.modules)))"
    )
    found = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True).stdout
    assert not [
        name for name in ("django", "celery", "redis", "rest_framework", "lifelines") if f"'{name}'" in found
    ]
