"""Loading the synthetic cohort: through the actions, once, never among real patients."""

from io import StringIO
from itertools import islice

import pytest
from django.core.management import call_command
from django.core.management.base import CommandError

from registry.actions.derive import stale_cases
from registry.audit.log import data_version
from registry.management.commands import load_study_cohort
from registry.management.study_cohort import centers
from registry.management.study_cohort.cohort import synthetic_cases
from registry.models import Case, Center, Enrolment, Event, Source, State
from registry.public import data_cut
from tests import factories

pytestmark = pytest.mark.django_db

FEW = 4


def load(*arguments):
    """Output of one run."""
    said = StringIO()
    call_command("load_study_cohort", *arguments, stdout=said, no_color=True)
    return said.getvalue()


def cases():
    return Case.objects.scoped()


@pytest.fixture
def few(monkeypatch):
    """A cohort of the first patients only."""
    monkeypatch.setattr(load_study_cohort, "synthetic_cases", lambda: islice(synthetic_cases(), FEW))


def test_the_whole_cohort_is_entered_once_and_derives_to_the_51(snapshot_sees_test):
    said = load()

    assert "270 of 270" in said
    assert "270 synthetic patients entered" in said
    assert cases().count() == cases().filter(synthetic=True).count() == 270
    assert Center.objects.filter(synthetic=True).count() == centers.COUNT
    drafts = Enrolment.objects.scoped().filter(state=State.DRAFT).count()
    assert drafts == 1, "the patient whose age is open"
    cut = data_cut()
    assert sum(case.derived["cohort_dara_r"].value == "YES" for case in cut.cases) == 51
    assert sum(case.derived["cohort_paper"].value == "YES" for case in cut.cases) == 244
    assert list(stale_cases()) == []
    assert set(Event.objects.values_list("source", flat=True)) == {Source.COMMAND}

    before = data_version()
    again = load()
    assert "nothing changed" in again
    assert "patients entered" not in again
    assert data_version() == before


def test_an_interrupted_run_is_continued(few, monkeypatch):
    enter = load_study_cohort.case_actions.enter
    calls = []

    def failing(*arguments, **options):
        calls.append(options["token"])
        if len(calls) == 3:
            raise KeyboardInterrupt
        return enter(*arguments, **options)

    monkeypatch.setattr(load_study_cohort.case_actions, "enter", failing)
    with pytest.raises(KeyboardInterrupt):
        load()
    assert cases().count() == 2

    assert "2 synthetic patients entered" in load()
    assert cases().count() == FEW


def test_a_patient_entered_by_an_older_version_of_the_cohort_is_not_entered_again(few, monkeypatch):
    load()
    with monkeypatch.context() as patch:
        patch.setattr(load_study_cohort, "synthetic_cases", _reworded)
        assert "nothing changed" in load()
    assert cases().count() == FEW


def _reworded():
    for case in islice(synthetic_cases(), FEW):
        case.forms["baseline"]["ecog"] = "4"
        yield case


def test_every_row_is_complete_and_the_patient_codes_are_the_registrys(few):
    load()
    assert set(Enrolment.objects.scoped().values_list("state", flat=True)) == {State.COMPLETE}
    for case in cases().select_related("center"):
        assert case.patient_code == f"{case.center}-0001"


def test_production_refuses_without_an_explicit_yes(few, settings):
    settings.PRODUCTION = True
    with pytest.raises(CommandError, match="production"):
        load()
    assert not Center.objects.exists()

    load("--yes-synthetic")
    assert cases().count() == FEW


def test_synthetic_patients_never_join_a_real_center(few):
    factories.center(center_code="IT005")
    with pytest.raises(CommandError, match="IT005"):
        load()
    assert Center.objects.count() == 1
    assert cases().count() == 0
