"""Italian beside English: nothing left out, nothing bent, nothing stale; pages without English leftovers."""

import gettext
import re
from collections import Counter
from pathlib import Path

import pytest
from django.conf import settings
from django.test import Client
from django.utils import formats, translation

from registry.dictionary.catalog import CASE_FORMS
from registry.edit_checks.finding import Finding, Severity
from registry.forms.limit_hint import limit_hint
from registry.forms.wording import message_of
from registry.models import Case
from registry.terminology.roles import Role
from tests import factories
from tests.registry.marked_texts import marked_texts, translated_at_import
from tests.registry.po_file import Entry, read_po

ITALIAN = Path(settings.LOCALE_PATHS[0]) / "it" / "LC_MESSAGES" / "django.po"
ENTRIES = list(read_po(ITALIAN))
BY_KEY = {entry.key: entry for entry in ENTRIES}

# What is stored with a result or written into a release: everybody reads it in the language of publication.
PUBLISHED = (
    *("analytics/sections/", "analytics/statistics/", "analytics/figures/", "analytics/tables/"),
    *("analytics/extraction/ad", "analytics/extraction/attrition", "analytics/extraction/column"),
    *("analytics/releases/formats/", "analytics/releases/rules", "analytics/releases/content"),
    *("analytics/releases/manifest", "analytics/releases/pseudonyms"),
)
SHOWN = [entry for entry in ENTRIES if not all(source.startswith(PUBLISHED) for source in entry.sources)]

_PLACEHOLDER = re.compile(r"%\(\w+\)[sd]|%%|%[sd]|</?\w+[^>]*>|\b(?:LIMIT|UNIT)\b")


def test_every_marked_text_is_in_the_catalog() -> None:
    marked = list(marked_texts())
    assert len(marked) > 2500
    missing = {each for each in marked if (each.context, each.text) not in BY_KEY}
    assert not missing, "see registry/locale/README.md"


def test_every_text_has_its_italian() -> None:
    assert len(SHOWN) > 2000
    assert [entry.text for entry in SHOWN if not all(entry.translations)] == []
    assert [entry.text for entry in ENTRIES if "fuzzy" in entry.flags] == [], "to be looked at by a person"


def test_published_results_stay_in_the_language_of_publication() -> None:
    kept = [entry for entry in ENTRIES if entry not in SHOWN]
    assert kept
    assert not any(any(entry.translations) for entry in kept)


def test_italian_counts_one_and_many() -> None:
    counting = [entry for entry in SHOWN if entry.plural]
    assert counting
    assert [entry.text for entry in counting if len(entry.translations) != 2] == []


def test_places_and_tags_are_the_same_in_both_languages() -> None:
    assert [entry.text for entry in SHOWN if not _fits(entry)] == []


def _fits(entry: Entry) -> bool:
    originals = [entry.text, entry.plural] if entry.plural else [entry.text]
    return all(
        _places(original) == _places(italian) and _edges(original) == _edges(italian)
        for original, italian in zip(originals, entry.translations, strict=True)
    )


def _places(text: str) -> Counter[str]:
    return Counter(_PLACEHOLDER.findall(text))


def _edges(text: str) -> tuple[bool, ...]:
    """Whether spaces begin and end it; whether it ends as a question or a sentence does."""
    return text[:1].isspace(), text[-1:].isspace(), text[-1:] == "?", text[-1:] == "."


def test_the_compiled_catalog_is_that_of_the_text() -> None:
    with ITALIAN.with_suffix(".mo").open("rb") as file:
        compiled = gettext.GNUTranslations(file)
    stale = [entry.text for entry in SHOWN if _compiled(compiled, entry) != entry.translations]
    assert stale == [], "run compilemessages"


def _compiled(catalog: gettext.GNUTranslations, entry: Entry) -> list[str]:
    if not entry.plural:
        return [catalog.pgettext(entry.context, entry.text) if entry.context else catalog.gettext(entry.text)]
    return [catalog.ngettext(entry.text, entry.plural, count) for count in (1, 2)]


def test_no_text_is_translated_before_anybody_asks() -> None:
    assert list(translated_at_import()) == []


# --- What a person sees


def test_numbers_carry_the_decimal_mark_of_the_language() -> None:
    hemoglobin = CASE_FORMS["baseline"].variable("hb")
    finding = Finding("limit", Severity.ERROR, "hb", "Not below %(limit)s.", {"limit": "0.5 g/dL"})
    with translation.override("it"):
        assert message_of(finding) == "Non inferiore a 0,5 g/dL."
        assert "." not in limit_hint(hemoglobin, lambda _name: None, formats.datetime.date(2024, 1, 1))
    assert message_of(finding) == "Not below 0.5 g/dL."


ENGLISH = re.compile(
    r"\b(the|and|of|with|your|this|not|missing|required|save|draft|search|history|forms?|log)\b",
    re.IGNORECASE,
)


def words_of(html: str) -> str:
    """What stands on a page in its own language: its text, and what screen readers and tooltips say."""
    # Of the codebook, conditions are code, and notes of the specification are quoted as they are.
    body = re.sub(r"<(script|style|code)\b.*?</\1>|<div[^>]* lang=\"en\">[^<]*", " ", html, flags=re.DOTALL)
    said = re.findall(r'(?:aria-label|title|placeholder|alt)="([^"]*)"', body)
    return " ".join([*said, re.sub(r"<[^>]*>|{\w+}", " ", body)])


def english_in(html: str) -> list[str]:
    words = words_of(html)
    return [words[max(found.start() - 30, 0) : found.end() + 30] for found in ENGLISH.finditer(words)]


@pytest.fixture
def case(db: None) -> Case:
    return factories.case(factories.center())


@pytest.fixture
def italian(client: Client, case: Case) -> Client:
    client.force_login(factories.user(Role.DATA_MANAGER, at=case.center))
    client.post("/language/", {"language": "it"})
    return client


@pytest.mark.parametrize("form", ["", "demographics/", "baseline/", "prior_line/", "response/1/", "history/"])
def test_a_case_is_italian_throughout(italian: Client, case: Case, form: str) -> None:
    page = italian.get(f"/cases/{case.pk}/{form}").content.decode()
    assert '<html lang="it">' in page
    assert english_in(page) == []


@pytest.mark.parametrize("path", ["/my-work/", "/cases/", "/my-data/", "/imports/", "/codebook/"])
def test_the_places_of_a_data_manager_are_italian_throughout(italian: Client, path: str) -> None:
    page = italian.get(path).content.decode()
    assert '<html lang="it">' in page
    assert english_in(page) == []


@pytest.mark.django_db
def test_the_login_page_offers_the_language_and_keeps_it(client: Client) -> None:
    assert 'lang="it">' in client.get("/accounts/login/").content.decode()
    answer = client.post(
        "/language/", {"language": "it"}, headers={"referer": "http://testserver/accounts/login/"}
    )
    assert answer["Location"] == "/accounts/login/" or answer["Location"].endswith(
        "://testserver/accounts/login/"
    )
    page = client.get("/accounts/login/").content.decode()
    assert '<html lang="it">' in page
    assert "Accedi" in page
    assert english_in(page) == []


@pytest.mark.django_db
def test_an_unknown_language_and_another_site_change_nothing(client: Client) -> None:
    elsewhere = {"language": "xx", "next": "https://elsewhere.example/"}
    answer = client.post("/language/", elsewhere, headers={"referer": "https://elsewhere.example/"})
    assert answer["Location"] == "/"
    assert '<html lang="en">' in client.get("/accounts/login/").content.decode()
