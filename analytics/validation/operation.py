"""What an operation of the reference format is: a named computation, fed by a case."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    import pandas as pd

    Operation = Callable[[Mapping[str, Any], pd.DataFrame, Path], Mapping[str, Any]]
    """From a case's arguments, its data and the folder of its data sets to the values it expects."""
