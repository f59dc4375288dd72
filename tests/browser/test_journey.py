"""One case all the way, by people in browsers on the running registry: entered, pooled, locked, verified."""

import csv
import hashlib
import io
import re
import zipfile
from collections.abc import Mapping
from datetime import date, timedelta
from io import StringIO
from pathlib import Path
from typing import Any

import pytest
from django.core.management import call_command
from playwright.sync_api import Page, expect

from registry.dictionary.catalog import CASE_FORMS
from registry.models import Baseline, Case, Center
from registry.public import result_changes_since
from tests import factories
from tests.browser.served import PATIENCE, Served, enter_synthetic, look, served
from tests.registry.supervisor.processes import wait_until

__all__ = ["served"]

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True, databases=["default", "snapshot"])]

BEFORE = 51
COHORT = "dara_refractory"

# The patient of the specification's example: three prior lines, refractory to daratumumab. With an adverse
# event whose free text must not get out, and with numbers by which the row is found again under another code.
SECRET_WORDS = "Fell in the hospital garden"
PATIENT: dict[str, Any] = factories.FIXTURE | {
    "baseline": factories.FIXTURE["baseline"]
    | {"hb": {"value": "103", "unit": "g/L"}, "ldh": "263", "height_cm": {"missing": "NK"}},
    "adverse_event": [
        {
            "ae_term": "OTHER",
            "ae_other_text": SECRET_WORDS,
            "ae_grade": "2",
            "ae_start": "2022-05",
            "ae_outcome": "RESOLVED",
            "ae_end": "2022-05-20",
            "ae_serious": "N",
            "ae_related": ["NONE"],
            "ae_action": ["NONE"],
        }
    ],
}
LABELS = {name: form.label for name, form in CASE_FORMS.items()}


@pytest.fixture
def enter_patients():
    return lambda: enter_synthetic(BEFORE)


def test_a_case_travels_the_whole_way(served: Served, tmp_path: Path) -> None:
    reader = open_report(served, "investigator")
    seen = change_number(reader)
    assert number(reader, "Patients") == BEFORE

    manager = served.person("datamanager")
    enroll(manager)
    case_url = manager.url
    fill_every_form(manager)
    expect(manager.locator(".page-sub").first).to_contain_text("14 of 14 forms complete")
    expect(manager.locator("[data-derived=dara_refractory]")).to_have_text("Yes")
    look(manager)

    wait_for_number(reader, "Patients", BEFORE + 1)
    wait_until_current(reader)
    assert change_number(reader) > seen
    assert reader.evaluate("window.neverReloaded")
    look(reader)

    proposer, approver = served.person("coordinator"), served.person("coordinator2")
    release_url = propose(proposer)
    approve(approver, release_url)
    watch_it_being_locked(approver)
    proposer.reload()
    expect(proposer.get_by_role("heading", name="Contents")).to_be_visible()
    look(approver)

    statistician = served.person("statistician")
    bundle = download(statistician, tmp_path / "first.zip")
    check_bundle(bundle, digest_shown=statistician.locator("dd.digest").inner_text())
    locked_at = statistician.locator(".steps").inner_text()

    seen = change_number(reader)
    correct_a_value(manager, case_url)
    wait_until_current(reader)
    assert change_number(reader) > seen
    again = download(statistician, tmp_path / "second.zip")
    assert again.read_bytes() == bundle.read_bytes()
    assert statistician.locator(".steps").inner_text() == locked_at
    verify(again)

    said = StringIO()
    call_command("verify_audit", stdout=said)
    assert "no difference" in said.getvalue()


# --- The report, as it is read ------------------------------------------------------------------------------


def open_report(served: Served, name: str) -> Page:
    """The paper's report, by the links a person follows; it is current when this returns."""
    page = served.person(name)
    go(page, "Reports")
    expect(page.get_by_role("heading", name="Daratumumab-refractory")).to_be_visible()
    look(page)
    page.get_by_role("link", name="Daratumumab-refractory").click()
    wait_until_current(page)
    page.evaluate("window.neverReloaded = true")
    return page


def go(page: Page, place: str) -> None:
    page.get_by_role("navigation", name="Main").get_by_role("link", name=place).click()


def wait_until_current(page: Page) -> None:
    """Wait until the page says so and the database agrees: a page that has not asked again is no proof."""

    def is_current() -> bool:
        says_so = "Current" in page.locator("#freshness").inner_text()
        return says_so and result_changes_since(change_number(page), limit=1) == 0

    assert wait_until(is_current, PATIENCE / 1000), page.locator("#freshness").inner_text()


def change_number(page: Page) -> int:
    """The data version that the freshness line names."""
    return int(re.search(r"change (\d+)", page.locator("#freshness").inner_text())[1])


def number(page: Page, label: str) -> int:
    return int(headline(page, label).inner_text())


def wait_for_number(page: Page, label: str, value: int) -> None:
    expect(headline(page, label)).to_have_text(str(value), timeout=PATIENCE)


def headline(page: Page, label: str) -> Any:
    return (
        page.locator(".headlines > div")
        .filter(has=page.locator(f"dt:text-is('{label}')"))
        .locator(".headline-value")
    )


# --- The forms, as they are typed ---------------------------------------------------------------------------


def enroll(page: Page) -> None:
    look(page)
    page.get_by_role("link", name="New patient").click()
    type_answers(page, "enrolment", PATIENT["enrolment"])
    look(page)
    page.get_by_role("button", name="Enroll patient").click()
    expect(page.locator("h1")).to_contain_text("IT001-")


def fill_every_form(page: Page) -> None:
    """From the case page, form after form in clinical order, back to the case page."""
    for name, form in CASE_FORMS.items():
        if name == "enrolment":
            continue
        rows = PATIENT[name] if form.repeating else [PATIENT[name]]
        if page.locator("#next-form").count() and name in page.locator("#next-form").get_attribute("href"):
            page.locator("#next-form").click()
            if form.repeating:
                page.get_by_role("link", name="Add", exact=True).click()
        else:
            # Nothing is owed there, so nothing leads there: the row is added from the list of forms.
            page.get_by_role("link", name=f"Add to {LABELS[name]}").click()
        for row, is_last in zip(rows, [*[False] * (len(rows) - 1), True], strict=True):
            type_answers(page, name, row)
            if is_last:
                look(page)
                page.keyboard.press("Control+Enter")
            else:
                page.get_by_role("button", name="Complete and add another").click()
            expect(page.locator("#messages")).to_contain_text("saved and complete.")
        # What is next was opened at once; this goes back to look.
        if not page.locator("#forms-title").count():
            page.locator(".crumbs a").nth(1).click()
        expect(page.locator("#forms-title")).to_be_visible()
        if form.repeating:
            stored = page.locator(f"#form-{name} .rows-table tbody tr:not(.group-row)")
            expect(stored).to_have_count(len(rows))


def type_answers(page: Page, form: str, answers: Mapping[str, Any]) -> None:
    """Type every answer where it is asked."""
    expect(page.locator(f"[data-field={next(iter(answers))}]")).to_be_visible()
    for name, answer in answers.items():
        type_answer(page, name, answer)


def type_answer(page: Page, name: str, answer: Any) -> None:
    row = page.locator(f"[data-field={name}]")
    unit = reason = None
    if isinstance(answer, dict):
        unit, reason, answer = answer.get("unit"), answer.get("missing"), answer.get("value")
    if reason:
        row.locator(f"#{name}").press("?")
        expect(row.locator(".missing-select")).to_have_value(reason)
    elif row.locator("input[type=radio], input[type=checkbox]").count():
        for code in answer if isinstance(answer, list) else [answer]:
            row.locator(f"input[value={code!r}]").check()
    elif row.locator(".field-input > select").count():
        row.locator(".field-input > select").select_option(str(answer))
    else:
        field = row.locator(f"#{name}")
        field.click()
        field.press("Control+a")
        page.keyboard.type(as_people_write(str(answer)))
        if unit:
            row.locator(".unit-select").select_option(unit)


def as_people_write(text: str) -> str:
    """Dates with the day first, numbers with a decimal comma."""
    if re.fullmatch(r"\d{4}-\d\d(-\d\d)?", text):
        return "/".join(reversed(text.split("-")))
    return text.replace(".", ",")


def correct_a_value(page: Page, case_url: str) -> None:
    page.goto(f"{case_url}baseline/")
    page.locator("#hb").fill("99")
    page.get_by_label("Reason for the change").fill("Transcription error")
    page.keyboard.press("Control+Enter")
    expect(page.locator("#messages")).to_contain_text("Baseline: saved and complete.")
    assert (
        Baseline.objects.filter(case_id=case_url.rstrip("/").rpartition("/")[2]).scoped().get().hb_entered
        == "99"
    )


# --- The release: proposed, approved, locked, downloaded ----------------------------------------------------


# The only one there is. Its number is whatever the sequence is at: emptying tables does not set it back.
THE_RELEASE = re.compile(r"^Release \d+$")


def propose(page: Page) -> str:
    go(page, "Releases")
    look(page)
    page.get_by_label("Reason").fill("Analysis for the yearly meeting")
    page.get_by_role("button", name="Propose", exact=True).click()
    expect(page.get_by_role("heading", name=THE_RELEASE)).to_be_visible()
    expect(page.get_by_role("button", name="Approve")).to_have_attribute("aria-disabled", "true")
    look(page)
    return page.url


def approve(page: Page, release_url: str) -> None:
    go(page, "Releases")
    page.get_by_role("link", name=THE_RELEASE).click()
    expect(page).to_have_url(release_url)
    page.get_by_role("button", name="Approve").click()
    page.get_by_role("dialog").get_by_role("button", name="Approve and lock").click()


def watch_it_being_locked(page: Page) -> None:
    """The bar only ever grows, and it ends in a lock."""
    bar, lock = page.locator("progress"), page.get_by_role("heading", name="Contents")
    expect(bar.or_(lock)).to_be_visible(timeout=PATIENCE)
    shown: list[float] = []
    while not lock.is_visible():
        shown += bar.evaluate_all("bars => bars.map(bar => bar.position)")
        page.wait_for_timeout(100)
    assert shown
    assert shown == sorted(shown)
    assert shown[-1] > 0
    expect(page.locator(".page-sub").first).to_have_text("Locked")


def download(page: Page, to: Path) -> Path:
    go(page, "Releases")
    page.get_by_role("link", name=THE_RELEASE).click()
    with page.expect_download() as started:
        page.get_by_role("link", name="Download").click()
    started.value.save_as(to)
    number = page.url.rstrip("/").rpartition("/")[2]
    assert started.value.suggested_filename == f"myeloma-registry-release-{int(number):04}.zip"
    return to


def verify(bundle: Path) -> None:
    said = StringIO()
    call_command("verify_release", str(bundle), stdout=said)
    assert "files unchanged" in said.getvalue()


def check_bundle(bundle: Path, digest_shown: str) -> None:
    """Whole, as it was locked, and nobody in it can be told from it."""
    assert hashlib.sha256(bundle.read_bytes()).hexdigest() == digest_shown
    verify(bundle)
    files = unpacked(bundle)
    sums = dict(reversed(line.split("  ")) for line in files.pop("SHA256SUMS").decode().splitlines())
    assert sums == {name: hashlib.sha256(data).hexdigest() for name, data in files.items()}
    everything = b"\n".join(files.values()).decode()
    for case in Case.objects.scoped():
        assert case.patient_code not in everything
    for center in Center.objects.all():
        assert center.center_code not in everything
        assert center.center_name not in everything
    assert SECRET_WORDS not in everything
    assert len(table(files, "data/adsl.csv")) == BEFORE + 1
    check_dates(files)


def check_dates(files: Mapping[str, bytes]) -> None:
    """All dates of the new patient moved by the same days: none is true, and all intervals are."""
    rows = table(files, "data/forms/baseline.csv")
    [own] = [
        row
        for row in rows
        if (row["hb_entered"], row["hb_unit"], row["ldh_entered"]) == ("103", "g/L", "263")
    ]
    assert own["height_cm_missing"] == "NK"
    shifts: set[timedelta] = set()
    for name, form in CASE_FORMS.items():
        typed = PATIENT[name] if form.repeating else [PATIENT[name]]
        released = [
            row
            for row in table(files, f"data/forms/{name}.csv")
            if row["patient_code"] == own["patient_code"]
        ]
        assert len(released) == len(typed)
        for entries, row in zip(typed, released, strict=True):
            for variable, text in entries.items():
                if re.fullmatch(r"\d{4}-\d\d-\d\d", str(text)) and variable in row:
                    shifts.add(date.fromisoformat(row[variable]) - date.fromisoformat(text))
    [shift] = shifts
    assert 30 <= abs(shift.days) <= 365
    assert "birth_date" not in table(files, "data/forms/demographics.csv")[0]


def unpacked(bundle: Path) -> dict[str, bytes]:
    with zipfile.ZipFile(bundle) as archive:
        return {name.partition("/")[2]: archive.read(name) for name in archive.namelist()}


def table(files: Mapping[str, bytes], path: str) -> list[dict[str, str]]:
    return list(csv.DictReader(io.StringIO(files[path].decode("utf-8-sig"))))
