"""The dictionary as files: as its own table, and for REDCap."""

import csv
import io
import re
from collections.abc import Callable
from pathlib import Path

import pytest
from django.test import Client

from registry.dictionary.catalog import CASE_FORMS
from registry.dictionary.variable import Choice, Form, Kind, Variable
from registry.forms import codebook_csv, redcap
from registry.terminology.roles import Role
from tests import factories

pytestmark = pytest.mark.django_db

SPECIFICATION = Path(__file__).parents[1] / "dictionary" / "data_dictionary.csv"
REDCAP_COLUMNS = [
    "Variable / Field Name",
    "Form Name",
    "Section Header",
    "Field Type",
    "Field Label",
    "Choices, Calculations, OR Slider Labels",
    "Field Note",
    "Text Validation Type OR Show Slider Number",
    "Text Validation Min",
    "Text Validation Max",
    "Identifier?",
    "Branching Logic (Show field only if...)",
    "Required Field?",
    "Custom Alignment",
    "Question Number (surveys only)",
    "Matrix Group Name",
    "Matrix Ranking?",
    "Field Annotation",
]

Download = Callable[[str], list[list[str]]]


@pytest.fixture
def download() -> Download:
    client = Client()
    client.force_login(factories.user(Role.STATISTICIAN))

    def rows(name: str) -> list[list[str]]:
        response = client.get(f"/codebook/{name}")
        assert response["Content-Type"] == "text/csv; charset=utf-8"
        assert response["Content-Disposition"] == f'attachment; filename="{name}"'
        return list(csv.reader(io.StringIO(response.content.decode(), newline="")))

    return rows


def test_the_dictionary_is_the_specification_row_for_row(download: Download) -> None:
    with SPECIFICATION.open(encoding="utf-8", newline="") as file:
        assert download("variables.csv") == list(csv.reader(file))


def test_redcap_has_its_18_columns_and_a_row_per_variable(download: Download) -> None:
    header, *rows = download("redcap.csv")
    assert header == REDCAP_COLUMNS
    assert [row[0] for row in rows] == [variable.name for form in CASE_FORMS.values() for variable in form]
    assert {len(row) for row in rows} == {18}
    # The first field is the record's identifier.
    assert rows[0][:2] == ["patient_code", "enrolment"]


def test_redcap_names_are_as_redcap_wants_them(download: Download) -> None:
    _header, *rows = download("redcap.csv")
    names = [row[0] for row in rows]
    assert all(re.fullmatch(r"[a-z][a-z0-9_]{0,25}", name) for name in names)
    assert len(set(names)) == len(names)
    for row in rows:
        codes = [choice.split(", ", 1)[0] for choice in row[5].split(" | ") if row[5]]
        assert len(set(codes)) == len(codes)
        assert (row[3] == "text") == (not codes)


HB_SOURCE = (
    "LOINC 718-7; SDTM LB HGB; KEY PREDICTOR. Martino 2025 prints 'g/L' and 'gr/L' for 11, 11.1 and 11.8: "
    "must be g/dL (edit check C11)"
)
PD_SOURCE = (
    "SDTM RS/ADaM PD; First of the two consecutive assessments. YYYY-MM not accepted; ask center for best "
    "estimate + flag"
)
ROWS = {
    "hb": [
        "hb",
        "baseline",
        "",
        "text",
        "Hemoglobin",
        "",
        "g/dL. Convert from g/L (*0.1), mmol/L (*1.6114). Missing data codes: NK Not known, ND Not done",
        "number",
        "2",
        "25",
        "",
        "",
        "y",
        "",
        "",
        "",
        "",
        HB_SOURCE,
    ],
    "fish_done": [
        "fish_done",
        "fish",
        "FISH cytogenetics",
        "radio",
        "FISH sample available",
        "Y, Yes | N, No | NK, Not known",
        *("", "", "", "", "", ""),
        "y",
        *("", "", "", ""),
        "Repeating instrument: per sample; N once = no cytogenetic data. Martino 2025: 28/51 had FISH",
    ],
    "pd_date": [
        "pd_date",
        "progression",
        "",
        "text",
        "Date of first progression",
        "",
        "",
        "date_dmy",
        "",
        "today",
        "y",
        "[pd_occurred] = 'Y'",
        "y",
        *("", "", "", ""),
        PD_SOURCE,
    ],
}


@pytest.mark.parametrize("name", ROWS)
def test_redcap_rows(download: Download, name: str) -> None:
    assert [row for row in download("redcap.csv") if row[0] == name] == [ROWS[name]]


BRANCHING = {
    "consent_date": "[consent_status] = 'SIGNED' or [consent_status] = 'WITHDRAWN'",
    "mab_interference": "[heavy_chain] = 'IGG' and [light_chain] = 'K'",
    # A missing reason is no answer.
    "line_transplant_date": (
        "[line_transplant] <> '' and [line_transplant] <> 'NK' and [line_transplant] <> 'NONE'"
    ),
    "bm_date": "[bmpc_pct] <> '' and [bmpc_pct] <> 'NK' and [bmpc_pct] <> 'ND'",
    "m_protein_date": (
        "([serum_m_protein] <> '' and [serum_m_protein] <> 'NK' and [serum_m_protein] <> 'ND') or "
        "([urine_m_protein] <> '' and [urine_m_protein] <> 'NK' and [urine_m_protein] <> 'ND' and "
        "[urine_m_protein] <> 'NA') or "
        "([flc_kappa] <> '' and [flc_kappa] <> 'NK' and [flc_kappa] <> 'ND')"
    ),
    "resp_plasmacytoma_spd": (
        "([plasmacytoma_type] = 'PARA' or [plasmacytoma_type] = 'EMD' or [plasmacytoma_type] = 'BOTH') and "
        "[resp_imaging_done] = 'Y'"
    ),
    "resp_hypercalc_mm": (
        "([resp_albumin] = '' and [resp_calcium] > 11) or "
        "([resp_albumin] <> '' and [resp_calcium] + 0.8 * (4 - [resp_albumin]) > 11)"
    ),
    "hb": "",
}


@pytest.mark.parametrize("name", BRANCHING)
def test_redcap_branching(download: Download, name: str) -> None:
    row = next(row for row in download("redcap.csv") if row[0] == name)
    assert row[11] == BRANCHING[name]


def test_redcap_checkboxes_are_asked_box_by_box(download: Download) -> None:
    row = next(row for row in download("redcap.csv") if row[0] == "cycle_mod_reason")
    assert row[3] == "checkbox"
    terms = row[11].split(" or ")
    assert terms[0] == "[cycle_modification(ISA_OMIT)] = '1'"
    assert len(terms) == 8
    assert not any("NONE" in term for term in terms)


def test_redcap_partial_dates_are_texts_that_say_how(download: Download) -> None:
    rows = {row[0]: row for row in download("redcap.csv")}
    assert rows["birth_date"][6:10] == ["YYYY-MM-DD, YYYY-MM or YYYY", "", "", ""]
    assert rows["death_date"][6:10] == ["YYYY-MM-DD or YYYY-MM", "", "", ""]
    assert rows["drug"][3] == "dropdown"


@pytest.mark.parametrize("label", ["=1+1", "+1", "-1", "@SUM(A1)", "\tx"])
def test_no_cell_is_a_formula(monkeypatch: pytest.MonkeyPatch, download: Download, label: str) -> None:
    choice = Variable("x", label, Kind.CHOICE, choices=(Choice("A", "a|b"), Choice("B", "b")))
    form = Form("made", label, (choice,))
    monkeypatch.setattr(codebook_csv, "FORMS", {"made": form})
    monkeypatch.setattr(redcap, "CASE_FORMS", {"made": form})
    assert download("variables.csv")[1][2] == f"'{label}"
    row = download("redcap.csv")[1]
    assert (row[2], row[4]) == (f"'{label}", f"'{label}")
    # The bar parts the choices.
    assert row[5] == "A, a/b | B, b"
