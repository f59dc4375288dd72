"""A workbook on its way into the registry: preview, commit, once more, undo."""

from datetime import timedelta

import pytest
from django.utils import timezone

from registry.actions import case as case_actions
from registry.actions import center as center_actions
from registry.actions import import_batch, own_reference, people, record
from registry.actions.derive import stale_cases
from registry.actions.import_expiry import forget_old
from registry.actions.import_lease import MAX_ATTEMPTS
from registry.audit.actor import Actor
from registry.audit.canonical import image
from registry.audit.log import data_version
from registry.audit.verify import differences
from registry.exceptions import InvalidEntries, NotPermitted
from registry.imports.work import work_on_imports
from registry.models import (
    BatchState,
    Case,
    DerivedCase,
    Event,
    ImportBatch,
    ImportRow,
    ImportWork,
    Outcome,
    PriorLine,
    Source,
    State,
)
from registry.terminology.roles import Role
from tests import factories
from tests.registry.imports.importing import committed, only, rows_of, sheet, undone, uploaded, worked
from tests.registry.imports.workbooks import fixtures, workbook

pytestmark = pytest.mark.django_db


@pytest.fixture
def at():
    return factories.center()


@pytest.fixture
def case(at):
    return factories.case(at)


def cases_at(at):
    return list(Case.objects.filter(center=at).scoped())


def problems(batch):
    return [row.problems[0][2] for row in rows_of(batch) if row.problems]


def test_the_fixture_case_imported_equals_the_one_entered(at, case):
    """Section E."""
    batch = uploaded(workbook(fixtures(2)), factories.center(), completing=True)
    assert (batch.state, batch.failure) == (BatchState.PREVIEWED, "")
    assert (batch.rows_created, batch.rows_refused, batch.cases_created) == (50, 0, 2)
    batch = committed(batch)
    assert (batch.state, batch.failure) == (BatchState.COMMITTED, "")
    derived = DerivedCase.objects.filter(case__center=batch.center).scoped()
    expected = DerivedCase.objects.filter(case=case).scoped().get()
    for each in derived:
        assert each.values == expected.values
        assert each.forms_complete == expected.forms_complete
        assert each.core_percent == expected.core_percent
    assert len(derived) == 2
    assert list(differences()) == []
    assert list(stale_cases()) == []


def test_what_an_import_wrote_is_in_the_trail_with_its_reason(at):
    batch = committed(uploaded(workbook(fixtures(1)), at))
    events = Event.objects.filter(number__range=(batch.first_event, batch.last_event))
    # The case, its own reference, 25 rows.
    assert events.filter(table__startswith="registry_").count() >= 27
    assert set(events.values_list("batch", "source", "reason")) == {
        (str(batch.pk), Source.IMPORT, "from our spreadsheet")
    }


def test_c14_the_same_file_again_changes_nothing(at):
    content = workbook(fixtures(2))
    committed(uploaded(content, at, completing=True))
    again = uploaded(content, at, completing=True)
    assert (again.rows_created, again.rows_changed, again.rows_unchanged) == (0, 0, 50)
    with pytest.raises(NotPermitted, match="change nothing"):
        import_batch.commit(factories.SYSTEM, again, "once more")


def test_c14_the_same_file_twice_at_the_same_time_makes_its_patients_once(at):
    content = workbook(fixtures(1))
    first, second = uploaded(content, at), uploaded(content, at)
    committed(first)
    second = committed(second)
    assert second.state == BatchState.OUTDATED
    assert "Enrolment line 2" in second.failure
    assert len(cases_at(at)) == 1
    second = worked(import_batch.preview_again(factories.SYSTEM, second))
    assert (second.state, second.rows_unchanged) == (BatchState.PREVIEWED, 25)


@pytest.mark.parametrize("place", [0, 1, 2])
def test_c13_one_bad_row_and_nothing_is_imported(at, case, place):
    others = [factories.empty_case(at) for _ in range(2)]
    rows = [{"patient_code": each.patient_code, "hb": "9.5"} for each in (case, *others)]
    rows[place]["hb"] = "much"
    before = data_version()
    batch = sheet(at, "baseline", *rows)
    assert (batch.state, batch.rows_refused) == (BatchState.REFUSED, 1)
    with pytest.raises(NotPermitted):
        import_batch.commit(factories.SYSTEM, batch, "anyway")
    assert not Event.objects.filter(number__gt=before).exclude(case_id="").exists()
    assert only(case, "baseline").hb_entered == "10.4"


@pytest.mark.parametrize(
    ("form", "column", "typed"),
    [
        ("baseline", "hb", "NaN"),
        ("baseline", "hb", "1e999"),
        ("baseline", "hb", "900"),
        ("baseline", "baseline_lab_date", "31/02/2022"),
        ("follow_up", "contact_date", "2099-01-01"),
        ("adverse_event", "ae_other_text", "x" * 501),
        ("baseline", "ecog", "9"),
    ],
)
def test_c15_what_a_page_refuses_an_import_refuses(at, case, form, column, typed):
    row = {"patient_code": case.patient_code, column: typed}
    batch = sheet(at, form, row | ({"ae_term": "NEUT"} if form == "adverse_event" else {}))
    assert (batch.state, batch.rows_refused) == (BatchState.REFUSED, 1)
    assert problems(batch)


def test_cells_left_empty_leave_what_is_stored(at, case):
    batch = committed(sheet(at, "baseline", {"patient_code": case.patient_code, "hb": "9,9", "ldh": ""}))
    assert (batch.state, batch.rows_changed) == (BatchState.COMMITTED, 1)
    row = only(case, "baseline")
    assert (row.hb_entered, row.ldh_entered, row.version, row.state) == ("9.9", "260", 2, State.COMPLETE)


def test_rows_are_told_apart_by_what_tells_them_apart_in_the_clinic(at, case):
    batch = sheet(
        at,
        "prior_line",
        {"patient_code": case.patient_code, "line_no": "2", "line_cycles": "7"},
        {"patient_code": case.patient_code, "line_no": "4", "line_start": "2022-02-20"},
        {"patient_code": case.patient_code, "seq": "3", "line_cycles": "3"},
    )
    assert [(row.outcome, row.seq) for row in rows_of(batch)] == [
        (Outcome.CHANGED, 2),
        (Outcome.CREATED, 4),
        (Outcome.CHANGED, 3),
    ]
    committed(batch)
    cycles = (
        PriorLine.objects.filter(case=case).scoped().order_by("seq").values_list("line_cycles", flat=True)
    )
    assert list(cycles) == [6, 7, 3, None]


@pytest.mark.parametrize(
    ("rows", "message"),
    [
        ([{"line_no": "1"}, {"line_no": "1"}], "The same row stands in line 2 already."),
        ([{"seq": "9", "line_no": "1"}], "There is no row 9"),
        ([{"line_cycles": "6"}], "Which row is it?"),
    ],
)
def test_a_row_nobody_can_tell_is_refused(at, case, rows, message):
    batch = sheet(at, "prior_line", *({"patient_code": case.patient_code} | row for row in rows))
    assert batch.state == BatchState.REFUSED
    assert message in " ".join(problems(batch))


def test_another_centers_patient_is_refused_like_one_there_is_not(at):
    elsewhere = factories.case(factories.center())
    batch = sheet(
        at,
        "baseline",
        *({"patient_code": code, "hb": "9"} for code in (elsewhere.patient_code, "IT999-0001")),
    )
    assert len(set(problems(batch))) == 1
    assert batch.rows_refused == 2


def test_an_own_reference_names_a_patient(at, case):
    own_reference.assign(factories.SYSTEM, case, "chart 7")
    batch = committed(sheet(at, "baseline", {"own_reference": "chart  7", "hb": "9"}))
    assert (batch.state, batch.rows_changed) == (BatchState.COMMITTED, 1)
    mixed = sheet(at, "baseline", {"own_reference": "chart 8", "patient_code": case.patient_code, "hb": "8"})
    assert "not the one of this patient code" in problems(mixed)[0]


def test_a_new_patient_comes_with_an_enrolment(at):
    batch = sheet(at, "baseline", {"own_reference": "chart 1", "hb": "9"})
    assert "comes with an enrolment" in problems(batch)[0]


def test_rows_stay_drafts_unless_the_person_asks(at):
    committed(uploaded(workbook(fixtures(1)), at))
    assert {only(cases_at(at)[0], form).state for form in ("enrolment", "baseline")} == {State.DRAFT}


def test_asked_to_complete_an_error_refuses_and_what_is_owed_makes_a_draft(at):
    wrong = factories.FIXTURE["progression"] | {"pd_occurred": "N"}
    batch = uploaded(workbook(fixtures(1, progression=wrong)), at, completing=True)
    assert batch.state == BatchState.REFUSED
    assert "progression" in {row.form for row in rows_of(batch) if row.outcome == Outcome.REFUSED}
    owing = {"birth_date": "1954-06"}
    batch = committed(uploaded(workbook(fixtures(1, demographics=owing)), at, completing=True))
    assert only(cases_at(at)[0], "demographics").state == State.DRAFT
    assert only(cases_at(at)[0], "baseline").state == State.COMPLETE


def test_a_second_import_completes_what_the_first_left(at):
    content = workbook(fixtures(1))
    committed(uploaded(content, at))
    batch = uploaded(content, at, completing=True)
    assert (batch.rows_created, batch.rows_changed) == (0, 25)
    committed(batch)
    assert only(cases_at(at)[0], "baseline").state == State.COMPLETE


def test_who_saves_between_preview_and_import_is_not_overwritten(at, case):
    batch = sheet(at, "baseline", {"patient_code": case.patient_code, "hb": "9"})
    record.save(factories.SYSTEM, case, "baseline", {"hb": "12"}, seq=1, version=1, reason="seen")
    batch = committed(batch)
    assert (batch.state, "Baseline line 2" in batch.failure) == (BatchState.OUTDATED, True)
    assert only(case, "baseline").hb_entered == "12"


def test_another_patient_saved_meanwhile_does_not_stop_an_import(at, case):
    batch = sheet(at, "baseline", {"patient_code": case.patient_code, "hb": "9"})
    factories.case(at)
    assert committed(batch).state == BatchState.COMMITTED


def test_a_save_while_the_import_is_made_ready_makes_it_start_again(at, case, monkeypatch):
    batch = sheet(at, "baseline", {"patient_code": case.patient_code, "hb": "9"})
    meanwhile = [lambda: record.save(factories.SYSTEM, case, "fish", {"fish_done": "N"})]
    from registry.actions import import_commit

    real = import_commit.data_version

    def then_somebody_saves():
        version = real()
        if meanwhile:
            meanwhile.pop()()
        return version

    monkeypatch.setattr(import_commit, "data_version", then_somebody_saves)
    # What was saved outdates the preview, which the second attempt finds.
    assert committed(batch).state == BatchState.OUTDATED
    assert only(case, "baseline").hb_entered == "10.4"


def test_ranges_changed_while_the_import_is_made_ready_are_those_it_derives_with(at, monkeypatch):
    entries = {"patient_code": factories.empty_case(at).patient_code, "baseline_lab_date": "2022-03-08"}
    batch = sheet(at, "baseline", entries | {"ldh": "260"})
    from registry.actions import import_commit

    real, meanwhile = import_commit.Ground.of, [{"ldh_uln": "300"}]

    def then_somebody_changes_them(of):
        ground = real(of)
        if meanwhile:
            center_actions.save_labref(factories.SYSTEM, at, meanwhile.pop(), seq=1, version=1)
        return ground

    monkeypatch.setattr(import_commit.Ground, "of", then_somebody_changes_them)
    assert committed(batch).state == BatchState.COMMITTED
    assert list(stale_cases()) == []


def test_undoing_removes_what_was_created_and_restores_what_was_changed(at, case):
    before = {form: image(only(case, form)) for form in ("baseline", "diagnosis")}
    derived = DerivedCase.objects.filter(case=case).scoped().get().values
    known = {"patient_code": case.patient_code}
    new = fixtures(1)["chart 1"]
    content = workbook({"chart 1": new})
    committed(uploaded(content, at))
    batch = committed(
        sheet(at, "baseline", known | {"hb": "7.5", "ldh": "900"}, {"own_reference": "chart 1", "hb": "8"})
    )
    assert DerivedCase.objects.filter(case=case).scoped().get().values != derived
    batch = undone(batch)
    assert batch.state == BatchState.UNDONE
    after = image(only(case, "baseline"))
    assert {name: value for name, value in after.items() if value != before["baseline"][name]}.keys() == {
        "version",
        "updated_at",
    }
    assert DerivedCase.objects.filter(case=case).scoped().get().values == derived
    assert list(differences()) == []
    assert list(stale_cases()) == []


def test_an_undone_patient_leaves_nothing_but_the_trail_and_its_code(at):
    batch = undone(committed(uploaded(workbook(fixtures(2)), at, completing=True)))
    assert (batch.state, cases_at(at)) == (BatchState.UNDONE, [])
    assert list(differences()) == []
    # A code that was issued once is not issued again.
    assert case_actions.enroll(factories.SYSTEM, at, factories.FIXTURE["enrolment"]).patient_code.endswith(
        "-0003"
    )


def test_what_was_touched_since_is_not_undone(at, case):
    batch = committed(sheet(at, "baseline", {"patient_code": case.patient_code, "hb": "9"}))
    record.save(factories.SYSTEM, case, "baseline", {"hb": "12"}, seq=1, version=2, reason="seen")
    batch = undone(batch)
    assert batch.state == BatchState.COMMITTED
    assert f"{case.patient_code} Baseline" in batch.failure
    assert only(case, "baseline").hb_entered == "12"


def test_a_patient_of_the_import_who_got_another_row_stays(at):
    batch = committed(uploaded(workbook(fixtures(1)), at))
    factories.row(cases_at(at)[0], "adverse_event", {"ae_term": "NEUT"})
    assert undone(batch).state == BatchState.COMMITTED
    assert len(cases_at(at)) == 1


def test_another_row_of_a_known_patient_does_not_stop_undoing(at, case):
    batch = committed(sheet(at, "baseline", {"patient_code": case.patient_code, "hb": "9"}))
    factories.row(case, "adverse_event", {"ae_term": "NEUT"})
    assert undone(batch).state == BatchState.UNDONE


def test_whoever_lost_the_role_meanwhile_imports_nothing(at, case):
    person = factories.user(Role.DATA_MANAGER, at=at)
    batch = sheet(at, "baseline", {"patient_code": case.patient_code, "hb": "9"})
    import_batch.commit(Actor.person(person), batch, "mine")
    people.revoke(factories.SYSTEM, person.memberships.get())
    batch = worked(batch)
    assert (batch.state, batch.failure) == (BatchState.FAILED, "You may not import data.")


def test_a_file_that_kills_its_worker_is_given_up(at):
    batch = import_batch.upload(factories.SYSTEM, at, "patients.xlsx", workbook(fixtures(1)))
    ImportWork.objects.filter(batch=batch).update(attempts=MAX_ATTEMPTS)
    batch = worked(batch)
    assert batch.state == BatchState.FAILED
    assert worked(import_batch.preview_again(factories.SYSTEM, batch)).state == BatchState.PREVIEWED


def test_what_another_worker_is_at_is_left_to_it(at):
    batch = import_batch.upload(factories.SYSTEM, at, "patients.xlsx", workbook(fixtures(1)))
    soon = timezone.now() + timedelta(seconds=20)
    ImportWork.objects.filter(batch=batch).update(holder="somebody", expires_at=soon)
    assert worked(batch).state == BatchState.UPLOADED
    # Who has died is taken over.
    ImportWork.objects.filter(batch=batch).update(expires_at=timezone.now() - timedelta(seconds=1))
    assert worked(batch).state == BatchState.PREVIEWED


def test_a_tick_with_nothing_to_do_is_one_query(django_assert_num_queries):
    with django_assert_num_queries(1):
        work_on_imports()


@pytest.mark.parametrize(
    ("name", "content"),
    [("a.xlsx", b"PK\x03\x04 and no more"), ("a.csv", b"\xff\xfe\x00"), ("a.csv", b"unknown,columns\n1,2\n")],
)
def test_a_file_nobody_can_read_is_refused_in_words(at, name, content):
    batch = uploaded(content, at, name=name)
    assert batch.state == BatchState.REFUSED
    assert batch.failure


@pytest.mark.parametrize(("size", "message"), [(0, "empty"), (30 * 2**20 + 1, "larger than 30 MB")])
def test_an_empty_or_huge_file_is_not_kept(at, size, message):
    with pytest.raises(InvalidEntries, match=message):
        import_batch.upload(factories.SYSTEM, at, "a.csv", b"x" * size)


@pytest.mark.parametrize(
    ("given", "shown"),
    [
        ("C:\\Users\\me\\patients.xlsx", "patients.xlsx"),
        ("../../etc/passwd", "passwd"),
        ("a\x00b\u202ecsv.exe", "abcsv.exe"),
        ("", "–"),
        ("x" * 200 + ".csv", ("x" * 200 + ".csv")[-120:]),
    ],
)
def test_a_files_name_is_cleaned(given, shown):
    assert import_batch.clean_name(given) == shown


def test_after_thirty_days_file_and_preview_are_gone(at):
    previewed = uploaded(workbook(fixtures(1)), at)
    done = committed(uploaded(workbook({"chart 9": factories.FIXTURE}), at))
    assert forget_old() == 0
    later = timezone.now() + timedelta(days=31)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("registry.actions.import_expiry.timezone.now", lambda: later)
        assert forget_old() == 2
        assert forget_old() == 0
    assert not ImportRow.objects.all().scoped().exists()
    assert not ImportWork.objects.exclude(content=None).exists()
    states = dict(ImportBatch.objects.values_list("pk", "state"))
    assert states == {previewed.pk: BatchState.REFUSED, done.pk: BatchState.COMMITTED}
    assert list(differences()) == []
