"""Fisher's exact test. R: fisher.test(table)$p.value."""

from __future__ import annotations

from itertools import product
from math import factorial, prod

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from analytics.statistics import fisher
from analytics.statistics.contingency import DEGENERATE
from analytics.statistics.fisher import TOO_MANY_TABLES, fisher_exact

# Agresti's job satisfaction by income, the example of R's help page.
JOB_SATISFACTION = [[1, 3, 10, 6], [2, 3, 10, 7], [1, 6, 14, 12], [0, 1, 9, 11]]


def by_listing_all_tables(table):
    """p by brute force over all tables with these margins."""
    counts = np.array(table)
    rows, columns = counts.sum(axis=1), counts.sum(axis=0)

    def weight(cells):
        return 1 / prod(factorial(int(cell)) for cell in np.ravel(cells))

    weights = []
    free = [range(int(min(r, c)) + 1) for r, c in product(rows[:-1], columns[:-1])]
    for values in product(*free):
        inner = np.array(values).reshape(rows.size - 1, columns.size - 1)
        right = np.column_stack((inner, rows[:-1] - inner.sum(axis=1)))
        full = np.vstack((right, columns - right.sum(axis=0)))
        if full.min() >= 0:
            weights.append(weight(full))
    observed = weight(counts) * (1 + 1e-7)
    return sum(w for w in weights if w <= observed) / sum(weights)


@pytest.mark.parametrize(
    ("table", "p"),
    [
        ([[3, 1], [1, 3]], 0.485714285714286),
        ([[10, 2], [3, 15]], 0.000536724119143436),
        ([[100, 2], [3, 90]], 3.17866897412816e-49),
        ([[50, 60], [45, 40]], 0.315277323090685),
        ([[5, 3, 2], [2, 0, 2], [1, 3, 6], [4, 8, 1], [6, 2, 7]], 0.036397138732614),
        ([[3, 5, 7], [4, 8, 2], [1, 9, 6], [0, 3, 3]], 0.300191784016667),
        ([[3, 1, 4, 2, 5, 1], [2, 6, 3, 4, 1, 2], [5, 2, 3, 3, 1, 4]], 0.312907633625746),
        (JOB_SATISFACTION, 0.782684938965639),
        ([[2, 9, 1, 3], [0, 1, 3, 5], [1, 4, 1, 1], [2, 10, 5, 2]], 0.12910820476384641),
        ([[4, 4, 6, 12], [4, 6, 6, 6], [8, 4, 5, 4], [2, 1, 3, 5]], 0.58442522579782463),
        ([[0, 1, 1, 1, 1], [1, 2, 3, 0, 2], [4, 2, 1, 3, 4], [3, 3, 3, 8, 2]], 0.47312559557053346),
        (
            [[1, 0, 0, 0, 2], [3, 1, 0, 2, 5], [1, 2, 1, 2, 2], [2, 1, 6, 1, 7], [3, 1, 0, 0, 2]],
            0.37156374014760429,
        ),
        ([[3, 7, 9, 17], [6, 5, 8, 8], [5, 5, 13, 9], [5, 6, 8, 10]], 0.75581926720496417),
    ],
)
def test_as_r(table, p):
    assert fisher_exact(table).p == pytest.approx(p, rel=1e-9)


@given(st.lists(st.lists(st.integers(0, 3), min_size=3, max_size=3), min_size=3, max_size=3))
@settings(max_examples=20, deadline=None)
def test_the_match_in_the_middle_finds_every_table(table):
    counts = np.array(table)
    test = fisher_exact(table)
    if test.reason:
        assert min((counts.sum(axis=0) > 0).sum(), (counts.sum(axis=1) > 0).sum()) < 2
    else:
        assert test.p == pytest.approx(by_listing_all_tables(table), rel=1e-10)


@given(
    st.lists(st.lists(st.integers(1, 6), min_size=4, max_size=4), min_size=2, max_size=3),
    st.randoms(use_true_random=False),
)
@settings(max_examples=20, deadline=None)
def test_the_order_of_categories_is_of_no_account(table, random):
    shuffled = [list(column) for column in zip(*random.sample(table, len(table)), strict=True)]
    random.shuffle(shuffled)
    assert fisher_exact(shuffled).p == pytest.approx(fisher_exact(table).p, rel=1e-9)


@pytest.mark.parametrize(
    "table",
    [
        (100 * np.eye(4, dtype=int) + 50).tolist(),
        [[50_000_000, 3], [2, 1]],
        (1000 * np.eye(9, dtype=int)).tolist(),
    ],
)
def test_a_table_too_large_says_so(table):
    assert (fisher_exact(table).p, fisher_exact(table).reason) == (None, TOO_MANY_TABLES)


@pytest.mark.parametrize(
    ("limit", "value"), [("_MOST_HALVES", 200), ("_MOST_HALVES", 2000), ("_MOST_MATCHES", 200)]
)
def test_work_stops_at_its_limits(monkeypatch, limit, value):
    table = [[5, 3, 2], [2, 0, 2], [1, 3, 6], [4, 8, 1], [6, 2, 7]]
    assert fisher_exact(table).p is not None
    monkeypatch.setattr(fisher, limit, value)
    assert (fisher_exact(table).p, fisher_exact(table).reason) == (None, TOO_MANY_TABLES)


@pytest.mark.parametrize("table", [[], [[3, 4], [0, 0]]])
def test_without_two_groups_and_two_outcomes_there_is_no_test(table):
    assert (fisher_exact(table).p, fisher_exact(table).reason) == (None, DEGENERATE)
