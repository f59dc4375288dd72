"""Proportions. R: binom.test(x, n)$conf.int, prop.test(x, n, correct = FALSE) and (correct = TRUE)."""

from __future__ import annotations

import pytest

from analytics.statistics.proportions import NO_PATIENTS, clopper_pearson, wilson


@pytest.mark.parametrize(
    ("x", "n", "exact", "score", "corrected"),
    [
        # Half of the patients: R corrects nothing.
        (15, 30, (0.312970285868027, 0.687029714131973), (0.331541256405338, 0.668458743594662),
         (0.331541256405338, 0.668458743594662)),
        (1, 20, (0.00126508949794981, 0.248732762772028), (0.00888144880079538, 0.236131193446742),
         (0.00261555513669134, 0.269443745571467)),
        (0, 7, (0, 0.409616397225003), (0, 0.354330435066687), (0, 0.439066128108006)),
        (7, 7, (0.590383602774997, 1), (0.645669564933313, 1), (0.560933871891994, 1)),
        (26, 51, (0.365957139670964, 0.652472037004886), (0.376809238945697, 0.641425141056293),
         (0.367668390115465, 0.65047132917243)),
    ],
)  # fmt: skip
def test_intervals_as_r(x, n, exact, score, corrected):
    for interval, expected in (
        (clopper_pearson(x, n), exact),
        (wilson(x, n), score),
        (wilson(x, n, continuity_correction=True), corrected),
    ):
        assert (interval.lower, interval.upper) == pytest.approx(expected, rel=1e-12, abs=1e-15)
        assert (interval.events, interval.n, interval.estimate) == (x, n, x / n)


def test_another_level():
    # binom.test(5, 20, conf.level = 0.9); prop.test(5, 20, conf.level = 0.9, correct = FALSE)
    exact, score = clopper_pearson(5, 20, 0.9), wilson(5, 20, 0.9)
    assert (exact.lower, exact.upper) == pytest.approx((0.104080835910136, 0.455582404001749))
    assert (score.lower, score.upper) == pytest.approx((0.127377168520358, 0.432201750160124))


def test_the_methods_are_told_apart():
    assert (
        len(
            {
                wilson(1, 2).method,
                wilson(1, 2, continuity_correction=True).method,
                clopper_pearson(1, 2).method,
            }
        )
        == 3
    )


def test_edges():
    for interval in (clopper_pearson, wilson):
        assert (interval(0, 0).estimate, interval(0, 0).reason) == (None, NO_PATIENTS)
        with pytest.raises(ValueError, match="between 0 and n"):
            interval(3, 2)
