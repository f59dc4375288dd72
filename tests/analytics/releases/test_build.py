"""The bundle: whole or not at all, the same again, and nobody in it who could be found."""

import csv
import errno
import hashlib
import io
import multiprocessing
import os
import re
import signal
import subprocess
import zipfile
from collections.abc import Callable
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import pytest
from django.db import IntegrityError, connections, transaction
from django.db.models.functions import Now
from django.utils import timezone

from analytics.extraction.cohorts import COHORTS
from analytics.models import Lease, Release
from analytics.models.release import LockedRelease, ReleaseState, bundles
from analytics.releases import build as module
from analytics.releases.build import build_approved
from analytics.releases.bundle import all_formats
from analytics.releases.manifest import MANIFEST
from analytics.releases.pseudonyms import FARTHEST, NEAREST, draw
from analytics.reports.lease import take
from registry.actions import record as record_actions
from registry.dictionary.catalog import CASE_FORMS
from registry.dictionary.values import PartialDate
from registry.models import Action, Case, Center, Event
from registry.public import data_cut, result_version
from tests import factories

Approved = Callable[..., Release]


def contents(release: Release) -> dict[str, bytes]:
    with zipfile.ZipFile(release.bundle_path) as archive:
        return {name.split("/", 1)[1]: archive.read(name) for name in archive.namelist()}


def rows(data: bytes) -> list[dict[str, str]]:
    return list(csv.DictReader(io.StringIO(data.decode(), newline="")))


def locked(release: Release) -> Release:
    assert build_approved() == release
    release.refresh_from_db()
    assert release.state == ReleaseState.LOCKED, release.failure
    return release


@pytest.mark.django_db
@pytest.mark.usefixtures("snapshot_sees_test", "undrawn")
class TestLocking:
    def test_an_approved_release_is_built_and_locked(self, case: Case, approved: Approved) -> None:
        before = result_version()
        release = locked(approved())
        assert release.data_version == before
        assert release.step == release.steps > 0
        assert release.locked_at is not None
        assert hashlib.sha256(release.bundle_path.read_bytes()).hexdigest() == release.sha256
        assert release.bundle_path.stat().st_size == release.size
        assert [path.name for path in bundles().iterdir()] == [release.bundle_path.name]
        event = Event.objects.filter(action=Action.LOCK).get()
        assert (event.row_id, event.actor_role) == (str(release.number), "SYSTEM")

    def test_a_proposal_nobody_approved_is_not_built(self, case: Case, propose: Approved) -> None:
        propose()
        assert build_approved() is None
        assert not bundles().exists()

    def test_a_locked_release_is_not_built_again(self, case: Case, approved: Approved) -> None:
        locked(approved())
        assert build_approved() is None

    def test_a_locked_release_never_changes(self, case: Case, approved: Approved) -> None:
        release = locked(approved())
        release.reason = "Something else"
        with pytest.raises(LockedRelease):
            release.save()
        with pytest.raises(LockedRelease):
            Release.objects.filter(pk=release.pk).update(reason="Something else")

    def test_the_database_itself_refuses_to_change_it(self, case: Case, approved: Approved) -> None:
        release = locked(approved())
        table = Release._meta.db_table
        with pytest.raises(IntegrityError), transaction.atomic(), connections["default"].cursor() as cursor:
            cursor.execute(f"UPDATE {table} SET reason = 'x' WHERE number = %s", [release.number])

    def test_editing_data_afterwards_does_not_touch_it(self, case: Case, approved: Approved) -> None:
        release = locked(approved())
        before = release.bundle_path.read_bytes()
        row = case.baseline_rows.get()
        record_actions.save(
            factories.SYSTEM, case, "baseline", {"hb": "9"}, seq=1, version=row.version, reason="Typing error"
        )
        build_approved()
        assert release.bundle_path.read_bytes() == before

    def test_an_idle_tick_is_one_query(self, db: None, django_assert_num_queries: Any) -> None:
        with django_assert_num_queries(1):
            assert build_approved() is None

    def test_the_oldest_comes_first(self, case: Case, approved: Approved) -> None:
        first, second = approved(), approved()
        assert [build_approved(), build_approved()] == [first, second]


@pytest.mark.django_db
@pytest.mark.usefixtures("snapshot_sees_test")
class TestContents:
    def test_the_manifest_is_one_sha256sum_accepts(
        self, case: Case, approved: Approved, tmp_path: Path
    ) -> None:
        release = locked(approved())
        with zipfile.ZipFile(release.bundle_path) as archive:
            archive.extractall(tmp_path / "unpacked")
        folder = tmp_path / "unpacked" / release.folder_name
        done = subprocess.run(
            ["sha256sum", "--strict", "-c", MANIFEST], cwd=folder, capture_output=True, text=True, check=False
        )
        assert done.returncode == 0, done.stderr
        listed = {line.split(": ")[0] for line in done.stdout.splitlines()}
        assert listed == contents(release).keys() - {MANIFEST} == {each["path"] for each in release.contents}

    def test_every_form_and_both_reports_are_in_it(self, case: Case, approved: Approved) -> None:
        files = contents(locked(approved()))
        assert {f"data/forms/{form}.csv" for form in CASE_FORMS} <= files.keys()
        assert {f"report/{name}.{kind}" for name in COHORTS for kind in ("html", "json")} <= files.keys()
        assert {"README.md", "codebook.csv", "data/adsl.csv", "data/adtte.csv"} <= files.keys()

    def test_the_codebook_names_every_column(self, case: Case, approved: Approved) -> None:
        files = contents(locked(approved()))
        described = {(row["file"], row["column"]) for row in rows(files["codebook.csv"])}
        there = {
            (path, column)
            for path, data in files.items()
            if path.startswith("data/")
            for column in next(csv.reader(io.StringIO(data.decode())))
        }
        assert there <= described

    def test_the_report_needs_nothing_else(self, case: Case, approved: Approved) -> None:
        page = contents(locked(approved()))["report/dara_refractory.html"].decode()
        assert "Locked data" in page
        assert 'src="data:image/svg+xml' in page
        assert not re.search(r"""(src|href)=["'](?!#|data:)""", page)
        assert "<script" not in page

    def test_a_new_format_is_one_module(self) -> None:
        names = {module.__name__.rsplit(".", 1)[1] for module in all_formats()}
        assert names == {"analysis", "codebook", "forms", "readme", "report_html", "report_json"}

    def test_what_was_entered_is_there_with_its_unit(self, center: Center, approved: Approved) -> None:
        baseline = factories.FIXTURE["baseline"] | {
            "hb": {"value": "111", "unit": "g/L"},
            "neutrophils": {"missing": "ND"},
        }
        factories.case(center, baseline=baseline)
        (row,) = rows(contents(locked(approved()))["data/forms/baseline.csv"])
        assert (row["hb"], row["hb_entered"], row["hb_unit"]) == ("11.1", "111", "g/L")
        assert (row["neutrophils"], row["neutrophils_missing"]) == ("", "ND")


@pytest.mark.django_db
@pytest.mark.usefixtures("snapshot_sees_test")
class TestAgain:
    def test_built_again_from_the_same_data_it_is_the_same_to_the_byte(
        self, case: Case, approved: Approved
    ) -> None:
        release = locked(approved())
        first = release.bundle_path.read_bytes()
        # As after a loss of everything but the row as it was before the building.
        release.bundle_path.unlink()
        columns = {field.attname: getattr(release, field.attname) for field in Release._meta.concrete_fields}
        _forget(release)
        Release.objects.bulk_create(
            [
                Release(
                    **columns
                    | {"state": ReleaseState.APPROVED, "sha256": "", "size": None, "locked_at": None}
                )
            ]
        )
        again = locked(Release.objects.get(pk=release.pk))
        assert again.bundle_path.read_bytes() == first

    def test_the_next_release_of_the_same_data_has_other_names_and_dates(
        self, center: Center, approved: Approved
    ) -> None:
        for _ in range(6):
            factories.case(center)
        one, other = (contents(locked(approved())) for _ in range(2))
        starts = [
            [row["isapd_start_date"] for row in rows(files["data/forms/isapd_treatment.csv"])]
            for files in (one, other)
        ]
        assert starts[0] != starts[1]
        # The results themselves are the same: nothing is computed on moved dates.
        times = [sorted(row["AVAL"] for row in rows(files["data/adtte.csv"])) for files in (one, other)]
        assert times[0] == times[1]


@pytest.mark.django_db
@pytest.mark.usefixtures("snapshot_sees_test", "undrawn")
class TestNobodyIsFound:
    CANARY = "Quetzalcoatlus"

    @pytest.fixture
    def files(self, approved: Approved) -> dict[str, bytes]:
        center = factories.center(
            center_name=f"{self.CANARY} Hospital",
            center_pi_name=f"Dr. {self.CANARY}",
            ec_reference=f"{self.CANARY} 7/2020",
        )
        factories.case(
            center,
            prior_line_drug=[
                *factories.FIXTURE["prior_line_drug"],
                factories._drug(1, "OTHER", "2018-04-10", "2018-08-20") | {"drug_other_text": self.CANARY},
            ],
            adverse_event=[
                {
                    "ae_term": "OTHER",
                    "ae_other_text": self.CANARY,
                    "ae_grade": "2",
                    "ae_start": "2022-05-01",
                    "ae_outcome": "RESOLVED",
                    "ae_end": "2022-05-09",
                    "ae_serious": "N",
                    "ae_related": ["ISA"],
                    "ae_action": ["NONE"],
                }
            ],
        )
        return contents(locked(approved()))

    def test_no_name_code_or_free_text_is_anywhere(self, files: dict[str, bytes]) -> None:
        case = Case.objects.scoped().get()
        row_ids = [str(row.pk) for row in case.baseline_rows.all()]
        for secret in (
            self.CANARY,
            case.patient_code,
            str(case.center),
            str(case.pk),
            str(case.center_id),
            Release.objects.get().secret,
            *row_ids,
        ):
            found = [path for path, data in files.items() if secret.lower() in data.decode().lower()]
            assert found == [], f"{secret} is in {found}"

    def test_birth_is_an_age(self, files: dict[str, bytes]) -> None:
        assert not any(b"1954" in data for path, data in files.items() if path.startswith("data/"))
        (row,) = rows(files["data/forms/demographics.csv"])
        assert row == {"patient_code": "P0001", "age_at_start": "67", "sex": "F"}

    def test_the_recorded_event_is_there_without_its_text(self, files: dict[str, bytes]) -> None:
        (event,) = rows(files["data/forms/adverse_event.csv"])
        assert event["ae_term"] == "OTHER"
        assert "ae_other_text" not in event

    def test_every_date_moved_by_the_same_days(self, files: dict[str, bytes]) -> None:
        (cut,) = data_cut(using="default").cases
        moved: set[timedelta] = set()
        for name in CASE_FORMS:
            published = rows(files[f"data/forms/{name}.csv"])
            for row, record in zip(published, cut.facts.rows(name), strict=True):
                for variable in record:
                    value = record.known(variable)
                    if isinstance(value, PartialDate):
                        value = value.earliest if value.is_exact else None
                    if isinstance(value, date) and variable in row:
                        moved.add(date.fromisoformat(row[variable]) - value)
        start = date(2022, 3, 10)
        (subject,) = rows(files["data/adsl.csv"])
        moved.add(date.fromisoformat(subject["TRTSDT"]) - start)
        assert len(moved) == 1
        assert NEAREST <= abs(moved.pop().days) <= FARTHEST

    def test_a_partial_date_stays_partial(self, files: dict[str, bytes]) -> None:
        (sample,) = rows(files["data/forms/fish.csv"])
        assert re.fullmatch(r"\d{4}-\d{2}", sample["fish_date"])
        assert sample["fish_date"] != "2022-02"

    def test_times_are_those_of_the_true_dates(self, files: dict[str, bytes]) -> None:
        times = {row["PARAMCD"]: row for row in rows(files["data/adtte.csv"])}
        assert times["PFS"]["AVAL"] == str((date(2022, 9, 1) - date(2022, 3, 10)).days)
        assert times["OS"]["AVAL"] == str((date(2023, 4, 1) - date(2022, 3, 10)).days)
        for row in times.values():
            gone = date.fromisoformat(row["ADT"]) - date.fromisoformat(row["STARTDT"])
            assert str(gone.days) == row["AVAL"]

    def test_codes_are_the_drawn_ones(self, files: dict[str, bytes]) -> None:
        case, release = Case.objects.scoped().get(), Release.objects.get()
        who = draw(release.secret, {case.pk: str(case.center)}).patients[case.pk]
        (subject,) = rows(files["data/adsl.csv"])
        assert (subject["USUBJID"], subject["SITEID"]) == (who.code, who.center)


@pytest.mark.django_db
@pytest.mark.usefixtures("snapshot_sees_test", "undrawn")
class TestWhoIsInIt:
    def test_who_did_not_consent_is_not(self, case: Case, approved: Approved) -> None:
        refused = factories.FIXTURE["enrolment"] | {"consent_status": "REFUSED"}
        refused.pop("consent_date")
        other = factories.case_actions.enter(
            factories.SYSTEM, case.center, factories.record(enrolment=refused)
        )
        assert other.pk != case.pk
        files = contents(locked(approved()))
        for name in ("data/adsl.csv", "data/forms/enrolment.csv", "data/forms/demographics.csv"):
            assert len(rows(files[name])) == 1

    def test_what_happened_after_the_cutoff_is_not(self, case: Case, approved: Approved) -> None:
        files = contents(locked(approved(cutoff=date(2022, 6, 30))))
        assert len(rows(files["data/forms/response.csv"])) == 3
        assert rows(files["data/forms/subsequent_therapy.csv"]) == []
        assert rows(files["data/forms/follow_up.csv"]) == []
        (treatment,) = rows(files["data/forms/isapd_treatment.csv"])
        assert treatment["isapd_end_date"] == ""
        times = {row["PARAMCD"]: row for row in rows(files["data/adtte.csv"])}
        assert (times["OS"]["CNSR"], times["PFS"]["CNSR"]) == ("1", "1")

    def test_what_happened_after_consent_was_withdrawn_is_not(
        self, center: Center, approved: Approved
    ) -> None:
        withdrawn = factories.FIXTURE["enrolment"] | {
            "consent_status": "WITHDRAWN",
            "consent_withdrawal_date": "2022-06-30",
        }
        factories.case_actions.enter(factories.SYSTEM, center, factories.record(enrolment=withdrawn))
        files = contents(locked(approved()))
        assert len(rows(files["data/forms/response.csv"])) == 3


@pytest.mark.django_db
@pytest.mark.usefixtures("snapshot_sees_test", "undrawn")
class TestWhenItGoesWrong:
    def test_a_full_disk_leaves_nothing_and_is_tried_again(
        self, case: Case, approved: Approved, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        release = approved()

        def fill_up(path: Path, *args: Any) -> None:
            path.write_bytes(b"PK half a bundle")
            raise OSError(errno.ENOSPC, "No space left on device")

        with monkeypatch.context() as full:
            full.setattr(module, "write", fill_up)
            build_approved()
        release.refresh_from_db()
        assert release.state == ReleaseState.APPROVED
        assert "full" in release.failure
        assert list(bundles().iterdir()) == []
        # Not at once, not for ever.
        assert release.retry_at > timezone.now()
        assert build_approved() is None
        Release.objects.update(retry_at=timezone.now())
        assert locked(release).failure == ""

    def test_any_other_fault_is_told_and_tried_again(
        self, case: Case, approved: Approved, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        release = approved()

        def fail(*args: Any) -> None:
            raise KeyError("a variable")

        with monkeypatch.context() as broken:
            broken.setattr(module, "content", fail)
            build_approved()
        release.refresh_from_db()
        assert (release.state, release.step) == (ReleaseState.APPROVED, 0)
        assert "a variable" not in release.failure
        Release.objects.update(retry_at=None)
        locked(release)

    def test_while_another_process_builds_nothing_is_done(self, case: Case, approved: Approved) -> None:
        release = approved()
        take(module.LEASE)
        assert build_approved() is None
        release.refresh_from_db()
        assert release.state == ReleaseState.APPROVED

    def test_who_lost_the_lease_locks_nothing(
        self, case: Case, approved: Approved, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        release, real = approved(), module.write

        def slow(*args: Any) -> Any:
            written = real(*args)
            Lease.objects.update(expires_at=Now() - timedelta(seconds=1))
            take(module.LEASE)
            return written

        with monkeypatch.context() as patched:
            patched.setattr(module, "write", slow)
            build_approved()
        release.refresh_from_db()
        assert release.state == ReleaseState.BUILDING
        Lease.objects.update(expires_at=Now() - timedelta(seconds=1))
        locked(release)
        assert [path.name for path in bundles().iterdir()] == [release.bundle_path.name]


def _forget(release: Release) -> None:
    """Remove the row behind the guard's back."""
    table = Release._meta.db_table
    with connections["default"].cursor() as cursor:
        cursor.execute(f"DELETE FROM {table} WHERE number = %s", [release.number])


def _killed_while_writing() -> None:
    def die(path: Path, *args: Any) -> None:
        path.write_bytes(b"PK half a bundle")
        os.kill(os.getpid(), signal.SIGKILL)

    module.write = die
    build_approved()


@pytest.mark.django_db(transaction=True, databases=["default", "snapshot"])
def test_a_process_killed_while_writing_leaves_no_bundle_and_the_next_tick_finishes(
    case: Case, approved: Approved
) -> None:
    release = approved()
    connections.close_all()
    process = multiprocessing.get_context("fork").Process(target=_killed_while_writing)
    process.start()
    process.join()
    assert process.exitcode == -signal.SIGKILL
    release.refresh_from_db()
    assert release.state == ReleaseState.BUILDING
    assert [path.name.startswith(module.TEMPORARY) for path in bundles().iterdir()] == [True]
    # Alive for all others know, until its lease has run out.
    assert build_approved() is None
    Lease.objects.update(expires_at=Now() - timedelta(seconds=1))
    locked(release)
    assert [path.name for path in bundles().iterdir()] == [release.bundle_path.name]
