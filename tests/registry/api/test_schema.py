"""The dictionary and the OpenAPI description: generated from the declarations, so they cannot differ."""

import pytest

from registry.derivations.case import derive
from registry.dictionary.catalog import FORMS
from registry.dictionary.facts import Facts
from registry.models import CASE_ROWS
from registry.terminology.roles import Role
from tests import factories
from tests.registry.api.conftest import client_of

pytestmark = pytest.mark.django_db


@pytest.fixture
def client():
    return client_of(factories.user(Role.AUDITOR))


@pytest.fixture
def schema(client):
    answer = client.get("/api/schema/")
    assert answer.status_code == 200
    return answer.json()


def test_the_dictionary_lists_all_variables(client):
    forms = client.get("/api/v1/dictionary/").json()
    assert [form["name"] for form in forms] == list(FORMS)
    assert sum(len(form["variables"]) for form in forms) == 179
    hb = next(v for form in forms for v in form["variables"] if v["name"] == "hb")
    assert hb["unit"] == {"ucum": "g/dL", "display": "g/dL"}
    assert hb["hard"] == {"minimum": "2", "maximum": "25"}
    assert [unit["ucum"] for unit in hb["alternatives"]] == ["g/L", "mmol/L"]
    assert client.get("/api/v1/dictionary/baseline/").json() == next(
        f for f in forms if f["name"] == "baseline"
    )
    assert client.get("/api/v1/dictionary/nonsense/").status_code == 404


def test_openapi_names_every_variable_with_unit_and_choices(schema):
    components = schema["components"]["schemas"]
    for name, model in CASE_ROWS.items():
        values = components["".join(part.capitalize() for part in name.split("_")) + "Values"]["properties"]
        assert list(values) == [variable.name for variable in model.variables]
        for variable in model.variables:
            described = values[variable.name]
            assert described["description"].startswith(variable.label)
            assert described.get("x-unit") == (variable.unit.ucum if variable.unit else None)
            for code in variable.codes:
                assert f'"{code}"' in str(described).replace("'", '"')


def test_openapi_names_every_derived_variable(schema):
    assert list(schema["components"]["schemas"]["Derived"]["properties"]) == list(derive(Facts("")))


def test_every_operation_documents_its_refusals(schema):
    for path, operations in schema["paths"].items():
        for operation in operations.values():
            assert {"401", "429"} <= set(operation["responses"]), path
            if "{" in path:
                assert "404" in operation["responses"], path


def test_what_is_answered_fits_what_is_described(schema, center):
    """Every property answered is described, and the other way round."""
    factories.case(center)
    reader = client_of(factories.user(Role.MONITOR, at=center))
    case = reader.get("/api/v1/cases/").json()["results"][0]
    components = schema["components"]["schemas"]
    assert set(case) == set(components["Case"]["properties"])
    assert set(case["forms"]) == set(components["Forms"]["properties"])
    assert set(case["forms"]["baseline"]["values"]) == set(components["BaselineValues"]["properties"])
    assert set(case["forms"]["baseline"]["canonical"]) == set(components["BaselineCanonical"]["properties"])
    assert set(case["derived"]) == set(components["Derived"]["properties"])


def test_documentation_is_for_people_who_are_logged_in(client, anonymous_client):
    assert anonymous_client.get("/api/schema/").status_code == 401
    answer = anonymous_client.get("/api/docs/")
    assert (answer.status_code, answer["Location"]) == (302, "/accounts/login/?next=/api/docs/")


@pytest.fixture
def anonymous_client():
    from django.test import Client

    return Client()


def test_the_docs_page_keeps_the_strict_policy(anonymous_client):
    anonymous_client.force_login(factories.user(Role.AUDITOR))
    answer = anonymous_client.get("/api/docs/")
    policy = answer["Content-Security-Policy"]
    assert "unsafe" not in policy
    assert "http" not in policy
    assert b"https://" not in answer.content
