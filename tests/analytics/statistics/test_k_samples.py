"""Several samples. R on KMsurv's larynx (lifelines has it too): kruskal.test, oneway.test of age by stage."""

from __future__ import annotations

import pytest
from lifelines.datasets import load_larynx

from analytics.statistics.k_samples import CONSTANT, ONE_GROUP, TOO_FEW, kruskal_wallis, one_way_anova
from analytics.statistics.two_samples import student_t


@pytest.fixture(scope="module")
def ages():
    larynx = load_larynx()
    stage = 1 + larynx["Stage_II"] + 2 * larynx["Stage_III"] + 3 * larynx["Stage_IV"]
    return [larynx.loc[stage == one, "age"].to_numpy() for one in (1, 2, 3, 4)]


def test_as_r(ages):
    # kruskal.test(age ~ stage, larynx); oneway.test(age ~ stage, larynx, var.equal = TRUE)
    ranks, variance = kruskal_wallis(ages), one_way_anova(ages)
    assert (ranks.statistic, ranks.p) == pytest.approx((1.23406747490178, 0.744845650847789))
    assert (variance.statistic, variance.p) == pytest.approx((0.287527166684959, 0.83428704380974))
    assert (ranks.n, ranks.df, variance.df) == ((33, 17, 27, 13), (3,), (3, 86))


def test_two_groups_are_a_t_test(ages):
    assert one_way_anova(ages[:2]).p == pytest.approx(student_t(*ages[:2]).p)


def test_edges(ages):
    for test in (kruskal_wallis, one_way_anova):
        assert test([*ages, []]) == test(ages)
        assert test([[1, 2], []]).reason == ONE_GROUP
        assert test([[3, 3], [3, 3]]).reason == CONSTANT
        test(ages).to_json()
        with pytest.raises(ValueError, match="samples contains missing"):
            test([[1, float("nan")], [2]])
    assert one_way_anova([[1], [2]]).reason == TOO_FEW
    assert one_way_anova([[1, 1], [2, 2]]).reason == CONSTANT
