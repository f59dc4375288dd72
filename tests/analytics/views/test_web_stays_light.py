"""Web workers show what is stored; what computes it never enters their memory."""

import subprocess
import sys

HEAVY = ("pandas", "scipy", "lifelines", "altair", "vl_convert", "statsmodels")


def test_no_page_imports_what_computes() -> None:
    script = (
        "import django, sys; django.setup();"
        "from django.urls import get_resolver; get_resolver().url_patterns;"
        f"print([name for name in {HEAVY!r} if name in sys.modules])"
    )
    done = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[]"
