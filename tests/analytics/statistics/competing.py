"""Thirty invented patients with two types of event, ties of both and of censoring."""

from __future__ import annotations

import numpy as np

# fmt: off
TIMES = np.array([1, 2, 2, 3, 3, 3, 4, 5, 5, 6, 6, 7, 8, 8, 9, 10, 10, 11, 12, 12, 13, 14, 15, 15, 16, 18, 20,
                  20, 22, 24.0])
TYPES = np.array([2, 1, 0, 1, 2, 0, 1, 2, 1, 0, 1, 1, 2, 0, 1, 2, 0, 1, 1, 2, 0, 2, 1, 0, 2, 0, 1, 0, 2, 0])
GROUP = np.array(list("abcaabcbacbacabbcacbabccabbacc"))
STRATA = np.tile([1, 2], 15)
AGE = np.array([61, 48, 70, 55, 66, 59, 72, 64, 51, 68, 57, 63, 75, 49, 60, 58, 71, 54, 62, 67, 53, 69, 56,
                74, 65, 52, 50, 73, 47, 76.0])
TREATED = np.tile([0.0, 1.0, 1.0], 10)
# fmt: on
COVARIATES = np.column_stack([AGE, TREATED])
NAMES = ["age", "treated"]
