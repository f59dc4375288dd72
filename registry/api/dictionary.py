"""The data dictionary as it is declared."""

from typing import Any

from django.utils.translation import gettext as _
from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.permissions import IsAuthenticated
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from registry.dictionary.catalog import FORMS
from registry.dictionary.variable import Identifying, Kind
from registry.exceptions import NotFound
from registry.terminology.missing import Missing


class TranslatedField(serializers.CharField):
    """A label in the reader's language."""

    def to_representation(self, value: str) -> str:
        return _(value) if value else ""


class UnitSerializer(serializers.Serializer[Any]):
    """A unit by its UCUM code."""

    ucum = serializers.CharField()
    display = serializers.CharField(source="__str__")


class AlternativeUnitSerializer(UnitSerializer):
    """Another unit and the exact way to the canonical one."""

    conversion = serializers.CharField(help_text='"*factor" or "/divisor"')


class ChoiceSerializer(serializers.Serializer[Any]):
    """One of the answers."""

    code = serializers.CharField()
    label = TranslatedField()


class LimitsSerializer(serializers.Serializer[Any]):
    """Limits as the dictionary writes them: a number, a date, "today", "dx_date minus 60 days"."""

    minimum = serializers.CharField()
    maximum = serializers.CharField()


class VariableSerializer(serializers.Serializer[Any]):
    """One row of the data dictionary."""

    name = serializers.CharField()
    label = TranslatedField()
    kind = serializers.ChoiceField(choices=[kind.value for kind in Kind])
    unit = UnitSerializer(allow_null=True)
    alternatives = AlternativeUnitSerializer(many=True)
    choices = ChoiceSerializer(many=True)
    required = serializers.CharField(help_text='"always", "no" or "when …"')
    shown = serializers.CharField(help_text="When the question applies; empty: always.")
    hard = LimitsSerializer(help_text="Refuse a value, or block completeness.")
    soft = LimitsSerializer(help_text="Ask for a confirmation.")
    missing = serializers.ListField(child=serializers.ChoiceField(choices=[each.value for each in Missing]))
    standard = serializers.CharField()
    identifying = serializers.ChoiceField(choices=[each.value for each in Identifying])
    core = serializers.BooleanField()
    source = serializers.CharField()


class FormSerializer(serializers.Serializer[Any]):
    """One form with its variables in order."""

    name = serializers.CharField()
    label = TranslatedField()
    repeating = serializers.CharField(help_text="What repeats; empty: the form has one row.")
    variables = VariableSerializer(many=True)


class Dictionary(APIView):
    """All forms."""

    permission_classes = (IsAuthenticated,)

    @extend_schema(operation_id="dictionary_list", responses=FormSerializer(many=True), tags=["dictionary"])
    def get(self, request: Request) -> Response:
        """Every form and every variable, in clinical order."""
        return Response(FormSerializer(list(FORMS.values()), many=True).data)


class DictionaryForm(APIView):
    """One form."""

    permission_classes = (IsAuthenticated,)

    @extend_schema(operation_id="dictionary_read", responses=FormSerializer, tags=["dictionary"])
    def get(self, request: Request, form: str) -> Response:
        """One form and its variables."""
        if form not in FORMS:
            raise NotFound
        return Response(FormSerializer(FORMS[form]).data)
