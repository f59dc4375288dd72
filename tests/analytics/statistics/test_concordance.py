"""Concordance: values of R's survival 3.5-3, and pairs counted one by one."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from lifelines.datasets import load_lung, load_rossi

from analytics.statistics.concordance import NO_PAIRS, concordance, cox_concordance
from analytics.statistics.cox import REASONS, Status, fit
from analytics.statistics.cox_data import cox_data

LUNG = load_lung()[["time", "status", "age", "sex", "ph.ecog"]].dropna()
ENTRY = np.floor(LUNG["time"] * (LUNG["age"] % 4) / 8)
WEIGHTS = LUNG["age"] % 3 + 0.5
FREQUENCIES = LUNG["age"] % 3
ROSSI = load_rossi()
ROSSI_COVARIATES = ["fin", "age", "race", "wexp", "mar", "paro", "prio"]

# concordance(Surv(time, status) ~ ph.ecog, lung, reverse = TRUE), entry = floor(time * (age %% 4) / 8)
# concordance, standard error, concordant, discordant, tied.x, tied.y, tied.xy
R = {
    "plain": ({}, [0.6044625259008, 0.02390152691526, 8392, 4258, 7137, 21, 7]),
    "strata": (  # + strata(sex)
        {"strata": LUNG["sex"]}, [0.6076173181688, 0.02471745036303, 4460, 2208, 3795, 12, 5]),
    "late entry": (  # Surv(entry, time, status)
        {"entry": ENTRY}, [0.5955101785937, 0.02102691389501, 6562, 3503, 5949, 21, 7]),
    "late entry, strata, weights": (  # weights = age %% 3 + 0.5
        {"entry": ENTRY, "strata": LUNG["sex"], "weights": WEIGHTS},
        [0.5844496573863, 0.02476604456004, 8047.75, 4627.75, 7573.25, 23.5, 10.75]),
    "weights, clusters": (  # + cluster(age)
        {"weights": WEIGHTS, "cluster": LUNG["age"]},
        [0.5908509210465, 0.03131187527591, 19605, 10873, 17578.75, 45.25, 20.75]),
    "frequencies": (  # lung[rep(1:nrow(lung), age %% 3), ]
        {"frequencies": FREQUENCIES}, [0.5845893501805, 0.02337935176518, 8884, 5135, 8141, 20, 75]),
}  # fmt: skip


def numbers(found):
    return [
        found.concordance, found.std_err, found.concordant, found.discordant, found.tied_score,
        found.tied_time, found.tied_both,
    ]  # fmt: skip


@pytest.mark.parametrize("name", R)
def test_agrees_with_r(name):
    options, expected = R[name]
    found = concordance(LUNG["time"], LUNG["status"], LUNG["ph.ecog"], **options)
    assert numbers(found) == pytest.approx(expected, rel=1e-11)


def test_the_concordance_of_a_model():
    data = cox_data(ROSSI["week"], ROSSI["arrest"], ROSSI[ROSSI_COVARIATES], ROSSI_COVARIATES)
    found = cox_concordance(data, fit(data))
    # coxph(Surv(week, arrest) ~ fin + age + race + wexp + mar + paro + prio)$concordance
    expected = [0.6403292470997, 0.02665812277265, 27242, 15291, 49, 111, 0]
    assert numbers(found) == pytest.approx(expected, rel=1e-11)


def test_the_offset_is_part_of_the_predictor():
    data = cox_data(LUNG["time"], LUNG["status"], LUNG[["sex", "ph.ecog"]], ["sex", "ecog"],
                    offset=0.05 * LUNG["age"])  # fmt: skip
    # coxph(Surv(time, status) ~ sex + ph.ecog + offset(0.05 * age))$concordance
    assert cox_concordance(data, fit(data)).concordance == pytest.approx(0.6148481326123, rel=1e-11)


def test_a_model_without_estimate_passes_its_reason_on():
    data = cox_data([1, 2, 3], [0, 0, 0], [1, 2, 3], ["x"])
    found = cox_concordance(data, fit(data))
    assert (found.concordance, found.reason) == (None, REASONS[Status.NO_EVENTS])


@pytest.mark.parametrize(
    ("durations", "events"), [([], []), ([4], [1]), ([1, 2], [0, 0]), ([1, 2], [0, 1]), ([3, 3], [1, 1])]
)
def test_without_a_comparable_pair_there_is_none(durations, events):
    found = concordance(durations, events, np.arange(len(durations)))
    assert (found.concordance, found.std_err, found.reason) == (None, None, NO_PAIRS)
    assert found.tied_time == (durations == [3, 3])


def test_a_patient_censored_at_the_time_of_an_event_outlived_it():
    assert concordance([3, 3], [1, 0], [2, 1]).to_json()["concordance"] == 1.0


def test_a_missing_score_is_named():
    with pytest.raises(ValueError, match="scores contains missing"):
        concordance([1, 2], [1, 0], [np.nan, 1])


patients = st.lists(
    st.tuples(
        st.integers(1, 8),
        st.booleans(),
        st.integers(0, 4),
        st.integers(0, 7),
        st.integers(0, 2),
        st.integers(1, 4),
    ),
    min_size=1,
    max_size=20,
)


@settings(max_examples=25, deadline=None)
@given(patients)
def test_pairs_counted_one_by_one(drawn):
    times, events, score, entry, strata, weights = np.array(drawn, dtype=float).T
    entry = np.minimum(entry, times - 1)
    outlives = (times[:, None] < times) | ((times[:, None] == times) & (events == 0))
    comparable = (events[:, None] == 1) & outlives & (entry < times[:, None]) & (strata[:, None] == strata)
    pairs = comparable * np.outer(weights, weights)
    order = np.sign(score[:, None] - score)
    found = concordance(times, events, score, entry=entry, strata=strata, weights=weights)
    counts = [found.concordant, found.discordant, found.tied_score]
    assert counts == [pairs[order == sign].sum() for sign in (1, -1, 0)]


@settings(max_examples=25, deadline=None)
@given(patients, st.randoms(use_true_random=False))
def test_what_does_not_matter(drawn, random):
    times, events, score, entry, strata, frequency = np.array(drawn, dtype=float).T
    entry = np.minimum(entry, times - 1)
    found = numbers(concordance(times, events, score, entry=entry, strata=strata, frequencies=frequency))
    again = list(np.repeat(np.arange(times.size), frequency.astype(int)))
    random.shuffle(again)
    monotone = np.exp(score)[again]
    other = concordance(
        30 * times[again], events[again], monotone, entry=30 * entry[again], strata=-strata[again]
    )
    assert numbers(other) == [None if value is None else pytest.approx(value, abs=1e-12) for value in found]
