import pytest

from analytics.extraction.cohorts import DARA_REFRACTORY
from analytics.extraction.frames import build_frames
from analytics.reports.pipeline import build_report
from tests.analytics.study_cut import study_cut


@pytest.fixture(scope="session")
def study_report():
    return build_report(study_cut(), DARA_REFRACTORY)


@pytest.fixture(scope="session")
def study_frames():
    return build_frames(study_cut(), DARA_REFRACTORY)
