"""An audited, derived, versioned save of a baseline form against a bare ModelForm save of its columns."""

from itertools import count

import pytest
from django.forms import modelform_factory

from registry.actions import record
from registry.models import Baseline
from registry.models.guard import writes_allowed
from tests import factories
from tests.benchmarks.ratio import say, throughput_ratio

pytestmark = [pytest.mark.benchmark, pytest.mark.django_db(transaction=True)]


def test_save():
    """Goal: throughput ≥ 0.4×."""
    case, twin = (factories.case(factories.center()) for _ in range(2))
    entries = factories.FIXTURE["baseline"]
    hemoglobin = (f"{8 + number % 900 / 100:.2f}" for number in count())

    def audited():
        version = Baseline.objects.filter(case=case).scoped().values_list("version", flat=True).get()
        values = entries | {"hb": next(hemoglobin)}
        record.save(factories.SYSTEM, case, "baseline", values, seq=1, version=version, reason="benchmark")

    columns = [field.name for field in Baseline._meta.concrete_fields if field.editable]
    form_class = modelform_factory(Baseline, fields=columns)
    stored = Baseline.objects.filter(case=twin).scoped().values(*columns).get()
    data = {name: value for name, value in stored.items() if value is not None} | {"comorbidities": '["DM"]'}

    def bare():
        row = Baseline.objects.filter(case=twin).scoped().get()
        form = form_class(data | {"hb": next(hemoglobin)}, instance=row)
        assert form.is_valid(), form.errors
        with writes_allowed():
            form.save()

    ratio = throughput_ratio(audited, bare)
    say("audited save / bare ModelForm save, throughput", ratio, goal="≥ 0.40 ×")
    assert ratio >= 0.4
