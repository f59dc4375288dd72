"""A file as rows: which forms, whose rows, what is wrong where."""

from registry.dictionary.catalog import CASE_FORMS
from registry.imports.columns import columns
from tests.registry.imports.spreadsheets import csv_rows, messages, reading, rows_of, xlsx

PAIR = [["own_reference", "hb"], ["a", "11"]]


def test_rows_come_form_by_form_in_clinical_order() -> None:
    content = xlsx(
        {
            "follow_up": [["own_reference", "vital_status"], ["a", "ALIVE"]],
            "Prior lines": [["own_reference", "line_no"], ["b", 2], ["a", 1]],
            "ENROLMENT": [["own_reference", "enrolment_mode"], ["a", "RETRO"]],
        }
    )
    found = reading(content)
    assert found.forms == ("enrolment", "prior_line", "follow_up")
    assert [(row.form, row.line, row.own_reference) for row in found] == [
        ("enrolment", 2, "a"),
        ("prior_line", 2, "b"),
        ("prior_line", 3, "a"),
        ("follow_up", 2, "a"),
    ]
    assert found.position == found.size > 0


def test_a_file_can_be_gone_through_again() -> None:
    found = reading(xlsx({"baseline": PAIR}))
    assert [row.line for row in found] == [row.line for row in found] == [2]


def test_codebook_lists_and_empty_sheets_are_passed_over() -> None:
    content = xlsx({"Codebook": [["x"]], "_lists": [["y"]], "Sheet3": [], "baseline": PAIR})
    assert reading(content).forms == ("baseline",)
    assert not reading(content).problems


def test_an_unknown_sheet_is_a_problem_and_the_others_are_read() -> None:
    found = reading(xlsx({"baseline": PAIR, "Fisch": PAIR}))
    (problem,) = found.problems
    assert (problem.line, problem.value) == (0, "Fisch")
    assert "Is “fish” meant" in problem.message
    assert found.forms == ("baseline",)


def test_two_sheets_of_one_form_are_a_problem() -> None:
    (problem,) = reading(xlsx({"baseline": PAIR, "BASELINE ": PAIR})).problems
    assert problem.message == "Two sheets are of the form Baseline: put their rows into one."


def test_the_rows_below_an_unknown_column_are_not_read() -> None:
    found = reading(xlsx({"baseline": [["own_reference", "hb", "hbb"], ["a", 1, 2]], "fish": []}))
    assert [(problem.form, problem.line, problem.column) for problem in found.problems] == [
        ("baseline", 1, "hbb")
    ]
    assert found.forms == ()
    assert list(found) == []


def test_one_sheet_with_any_name_is_told_by_its_columns_or_by_what_the_person_said() -> None:
    assert reading(xlsx({"Sheet1": PAIR})).forms == ("baseline",)
    ambiguous = xlsx({"Sheet1": [["own_reference"], ["a"]]})
    assert reading(ambiguous, form="fish").forms == ("fish",)
    (problem,) = reading(ambiguous).problems
    assert "No form is called “Sheet1”" in problem.message


def test_a_csv_file_is_of_the_form_it_is_named_after_or_of_its_columns() -> None:
    content = b"own_reference,hb\na,11"
    assert reading(content, "Baseline.csv").forms == ("baseline",)
    assert reading(content, "export (3).csv").forms == ("baseline",)


def test_the_header_may_stand_further_down() -> None:
    (row,) = rows_of(xlsx({"baseline": [[], [], ["own_reference", "hb"], [], ["a", "11"]]}))
    assert row.line == 5


def test_an_empty_cell_is_an_entry_and_an_absent_column_is_none() -> None:
    (row,) = rows_of(xlsx({"baseline": [["own_reference", "hb", "ecog"], ["a", None, 1]]}))
    assert dict(row.entries) == dict(row.values) == {"hb": None, "ecog": "1"}


def test_rows_in_which_nothing_is_entered_are_passed_over() -> None:
    header = ["patient_code", "own_reference", "hb", "hb.unit", "_remark"]
    rows = [header, ["IT001-0001", "a"], ["IT001-0002", "b", None, "g/L"], ["c", None, None, None, "!"]]
    assert rows_of(xlsx({"baseline": rows})) == []


def test_the_keys_of_a_row() -> None:
    header = ["patient_code", "own_reference", "seq", "line_no"]
    rows = [header, [" it001-0001 ", 12345, "2", 1], [None, "a", None, 1]]
    first, second = rows_of(xlsx({"prior_line": rows}))
    assert (first.patient_code, first.own_reference, first.seq) == ("IT001-0001", "12345", 2)
    assert (second.patient_code, second.own_reference, second.seq) == ("", "a", None)


def test_keys_that_cannot_be() -> None:
    header = ["patient_code", "own_reference", "seq", "line_no"]
    wrong = [[None, None, None, 1], [None, "x" * 41, None, 1]]
    wrong += [[None, "a", seq, 1] for seq in ("0", "-1", "1.5", "new", "²", "=1+1")]
    rows = rows_of(xlsx({"prior_line": [header, *wrong]}))
    assert [row.problems[0].column for row in rows] == ["", "own_reference", *["seq"] * 6]
    assert messages(rows[0])[0][2] == "Whose row is it? Fill in patient_code or own_reference."
    assert messages(rows[2])[0][2].startswith("The row number is a whole number from 1")


def test_a_patient_twice_on_a_sheet_names_both_rows() -> None:
    header = ["patient_code", "own_reference", "hb"]
    rows = [
        header,
        ["IT001-0001", "a", 11],
        ["IT001-0002", "b", 11],
        ["it001-0001", None, 12],
        [None, "a", 1],
    ]
    found = rows_of(xlsx({"baseline": rows}))
    assert [(row.line, row.problems[0].message) for row in found if row.problems] == [
        (4, "Row 2 is about the same patient. Remove one of the two.")
    ]


def test_a_row_number_twice_names_both_rows_and_new_rows_are_as_many_as_wanted() -> None:
    header = ["own_reference", "seq", "line_no"]
    rows = [header, ["a", 1, 1], ["a", None, 2], ["a", None, 2], ["b", 1, 1], ["a", 1, 3]]
    found = rows_of(xlsx({"prior_line": rows}))
    assert [(row.line, row.problems[0].message) for row in found if row.problems] == [
        (6, "Row 2 has the same patient and row number. Remove one of the two.")
    ]


def test_a_cell_without_a_header_is_refused() -> None:
    (row,) = rows_of(xlsx({"baseline": [["own_reference", "hb"], ["a", 11, None, "what"]]}))
    assert messages(row) == [("D", "what", "There is no header above this cell.")]


def test_problems_name_the_column_as_it_stands_in_the_file() -> None:
    (row,) = csv_rows("own_reference;Hemoglobin (g/L)\na;" + "one hundred and eleven, more or less so")
    (problem,) = row.problems
    assert (problem.form, problem.line, problem.column) == ("baseline", 2, "Hemoglobin (g/L)")
    assert len(problem.value) <= 40
    later = row.problem("hb", "Not below 2 g/dL.")
    assert (later.line, later.column, later.message) == (2, "Hemoglobin (g/L)", "Not below 2 g/dL.")
    assert later.value == problem.value


def test_no_patient_data_in_what_a_traceback_would_show() -> None:
    (row,) = csv_rows("own_reference,hb,ecog\nMario Rossi,11.7,secret")
    assert not any(text in repr((row, row.problems)) for text in ("Rossi", "11.7", "secret"))


def test_every_form_can_be_read_with_all_its_columns() -> None:
    sheets = {
        form.name: [[column.name for column in columns(form)], ["IT001-0001", "a"]]
        for form in CASE_FORMS.values()
    }
    found = reading(xlsx(sheets))
    assert not found.problems
    assert found.forms == tuple(CASE_FORMS)
