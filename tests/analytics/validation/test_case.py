"""A file of cases is read as R writes it, and what is wrong with it is said."""

from __future__ import annotations

import json

import pytest

from analytics.validation.case import read_cases
from analytics.validation.data import rows

CASE = {"id": "km/1", "op": "km", "dataset": "few", "args": {"time": "t"}, "result": {"n": 3}, "rtol": 1e-8}
FEW = "t,group,sex\n1.1,A,f\n2,NA,m\n0.1,B,\n4,None,m\n"


def read(tmp_path, **changed):
    file = tmp_path / "cases.json"
    file.write_text(json.dumps({"cases": [{**CASE, **changed}]}))
    return read_cases(file)[0]


def read_rows(tmp_path, **changed):
    (tmp_path / "few.csv").write_text(FEW)
    return rows(read(tmp_path, **changed), tmp_path)


def test_a_list_of_one_may_be_a_text_or_null(tmp_path):
    assert read(tmp_path, drop_na="t", filter="t > 1").drop_na == ("t",)
    assert read(tmp_path, drop_na=None).drop_na == ()


@pytest.mark.parametrize(
    ("content", "message"),
    [
        ("{", "is not JSON"),
        ("[]", "has no list of cases"),
        ('{"cases": [{"id": "km/1", "rtol": 1}]}', "cases.json, case 1: 'op' is missing"),
        ('{"cases": [{"id": "km/1", "rtol": 0}]}', "rtol must be above 0"),
    ],
)
def test_a_file_that_cannot_be_read_says_why(tmp_path, content, message):
    file = tmp_path / "cases.json"
    file.write_text(content)
    with pytest.raises(ValueError, match=message):
        read_cases(file)


def test_inline_has_no_rows(tmp_path):
    assert read_rows(tmp_path, dataset="INLINE").empty


def test_missing_is_na_and_none_is_a_category(tmp_path):
    assert list(read_rows(tmp_path, drop_na=["group"])["group"]) == ["A", "B", "None"]


def test_what_the_arguments_name_must_be_known(tmp_path):
    assert list(read_rows(tmp_path, args={"time": "t", "covariates": ["sex", "group"]})["t"]) == [1.1, 4.0]
    assert len(read_rows(tmp_path, args={"time": "t", "group": None})) == 4


def test_every_digit_of_a_number_is_read(tmp_path):
    (tmp_path / "digits.csv").write_text("t\n0.30000000000000004\n")
    assert rows(read(tmp_path, dataset="digits"), tmp_path)["t"][0] == 0.1 + 0.2


def test_a_new_column_is_missing_where_its_source_is(tmp_path):
    data = read_rows(tmp_path, filter="female = sex=='f'", drop_na=["female"])
    assert list(data["female"]) == [1.0, 0.0, 0.0]


@pytest.mark.parametrize(
    "condition", ["t > 1 & sex == 'm'", "t>1 && !(sex=='f')", "sex %in% c('m') & t != 1"]
)
def test_a_condition_in_the_manner_of_r_keeps_its_rows(tmp_path, condition):
    assert list(read_rows(tmp_path, filter=condition)["t"]) == [2.0, 4.0]


def test_filters_follow_each_other(tmp_path):
    assert list(read_rows(tmp_path, filter=["double = 2 * t", "double > 4"])["t"]) == [4.0]


def test_data_of_lifelines_come_by_name(tmp_path):
    assert len(read_rows(tmp_path, dataset="lifelines:rossi")) == 432


@pytest.mark.parametrize(
    ("changed", "message"),
    [
        ({"dataset": "absent"}, r"absent\.csv does not exist"),
        ({"dataset": "lifelines:absent"}, "lifelines has no data set absent"),
        ({"drop_na": ["t", "age"]}, "few has no column age"),
    ],
)
def test_what_is_not_there_is_named(tmp_path, changed, message):
    with pytest.raises(ValueError, match=message):
        read_rows(tmp_path, **changed)
