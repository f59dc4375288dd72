"""Relations between models are imports the linter cannot see; and every model says whether it is audited."""

import pytest
from django.apps import apps

from registry.models import Event, EventPayload
from registry.models.guard import Audited

OURS = [model for model in apps.get_models() if model._meta.app_label in ("registry", "analytics")]

# Not audited, and why.
OTHERS = {
    "Event": "is the trail",
    "EventPayload": "is the trail",
    "DataVersion": "is the counter of the trail",
    "Submission": "tokens of commands; what the commands did is audited",
    "ImportWork": "a file on its way in and the worker that is at it; what becomes of it is audited",
    "ImportRow": "what a file would change, computed from it; what it does change is audited",
    "Lease": "who computes at the moment",
    "ReportSnapshot": "computed, and can be computed again",
    "Drawing": "computed, and can be computed again",
    "Release": "every step is an event; locked ones refuse changes by trigger",
}


def relations(model):
    return [column for column in model._meta.get_fields(include_hidden=True) if column.is_relation]


@pytest.mark.parametrize("model", OURS, ids=lambda model: model.__name__)
def test_a_model_says_whether_it_is_audited(model):
    assert issubclass(model, Audited) != (model.__name__ in OTHERS)


def test_the_list_names_models_there_are():
    assert set(OTHERS) <= {model.__name__ for model in OURS}


@pytest.mark.parametrize("model", OURS, ids=lambda model: model.__name__)
def test_no_relation_crosses_from_the_registry_to_analytics_or_back(model):
    """The registry never knows analytics; analytics outlives what it is about and keeps ids as text."""
    for relation in relations(model):
        if relation.related_model._meta.app_label in ("registry", "analytics"):
            assert relation.related_model._meta.app_label == model._meta.app_label, relation


@pytest.mark.parametrize("model", [Event, EventPayload])
def test_the_trail_refers_to_nothing(model):
    assert relations(model) == []


def test_no_audited_row_vanishes_with_another():
    """A cascade deletes without an event; what is derived goes with its case and is no fact of its own."""
    for model in OURS:
        for column in model._meta.concrete_fields:
            if column.is_relation and issubclass(model, Audited) and model.__name__ != "DerivedCase":
                assert column.remote_field.on_delete.__name__ == "PROTECT", f"{model.__name__}.{column.name}"
