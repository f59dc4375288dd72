"""Cases with their forms and derived values, for the people of their center."""

import hashlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC
from typing import Any
from uuid import UUID

from django.utils.http import parse_etags, quote_etag
from drf_spectacular.utils import OpenApiParameter, OpenApiResponse, extend_schema
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from registry.api.case_new import NewCaseBody, NewCaseSerializer, create
from registry.api.pages import Pages
from registry.api.permissions import HasVerb
from registry.api.variables import canonical_serializer, values_serializer
from registry.api.writing import IDEMPOTENCY_KEY, read
from registry.derivations.case import derive
from registry.dictionary.facts import Facts
from registry.models import CASE_ROWS, Case, CaseRow, State
from registry.permissions.check import check_user_can
from registry.permissions.verbs import Verb
from registry.selectors import scope
from registry.selectors.facts import rows_of_all


@dataclass(frozen=True)
class CaseRecord:
    """A case with everything read that the API tells of it."""

    case: Case
    rows: Mapping[str, Sequence[CaseRow]]

    @property
    def forms(self) -> dict[str, Any]:
        """Form name → its rows, or its only row, or None."""
        return {
            name: rows if CASE_ROWS[name].form.repeating else next(iter(rows), None)
            for name, rows in self.rows.items()
        }

    @property
    def etag(self) -> str:
        """Changes whenever a row or a derived value of the case does."""
        derived = self.case.derived
        parts = [str(self.case.pk), derived.changed_at.isoformat(), derived.rule_version]
        parts += [f"{form}.{row.seq}.{row.version}" for form, rows in self.rows.items() for row in rows]
        return hashlib.sha256("\x1e".join(parts).encode()).hexdigest()[:32]


def _row_serializer(model: type[CaseRow]) -> type[serializers.Serializer[Any]]:
    values = values_serializer(model.form, model.variables)
    canonical = canonical_serializer(model.form, model.variables)
    return type(
        f"{model.__name__}Row",
        (serializers.Serializer,),
        {
            "seq": serializers.IntegerField(),
            "state": serializers.ChoiceField(choices=State.choices),
            "version": serializers.IntegerField(),
            "updated_at": serializers.DateTimeField(default_timezone=UTC),
            "values": values(source="*", help_text="Entries, as they can be entered again."),
            "canonical": canonical(source="*", help_text="The numbers among them, in canonical units."),
        },
    )


FormsSerializer: type[serializers.Serializer[Any]] = type(
    "Forms",
    (serializers.Serializer,),
    {
        name: _row_serializer(model)(many=True, help_text=model.form.label)
        if model.form.repeating
        else _row_serializer(model)(allow_null=True, help_text=model.form.label)
        for name, model in CASE_ROWS.items()
    },
)


class DerivedValueSerializer(serializers.Serializer[Any]):
    """What a derivation answers."""

    value = serializers.JSONField(allow_null=True, help_text="Null when it is not evaluable.")
    status = serializers.ChoiceField(choices=["OK", "NE"])
    reason = serializers.CharField()


DerivedSerializer: type[serializers.Serializer[Any]] = type(
    "Derived",
    (serializers.Serializer,),
    # Whatever the derivations answer of a case that says nothing, they answer of every case.
    {name: DerivedValueSerializer(required=False) for name in derive(Facts(""))},
)


class CaseSerializer(serializers.Serializer[CaseRecord]):
    """One case."""

    id = serializers.UUIDField(source="case.pk")
    patient_code = serializers.CharField(source="case.patient_code")
    center = serializers.CharField(source="case.center.center_code")
    synthetic = serializers.BooleanField(source="case.synthetic")
    created_at = serializers.DateTimeField(source="case.created_at", default_timezone=UTC)
    etag = serializers.CharField()
    core_answered = serializers.IntegerField(source="case.derived.core_answered")
    core_applicable = serializers.IntegerField(source="case.derived.core_applicable")
    forms = FormsSerializer()
    derived = DerivedSerializer(source="case.derived.values")
    rule_version = serializers.CharField(source="case.derived.rule_version")


class CasePageSerializer(serializers.Serializer[Any]):
    """Some of the cases, and where the others are."""

    count = serializers.IntegerField()
    next = serializers.URLField(allow_null=True)
    previous = serializers.URLField(allow_null=True)
    results = CaseSerializer(many=True)


class CaseList(APIView):
    """The cases of one's centers."""

    permission_classes = (HasVerb,)
    verb = Verb.VIEW_CASES

    @extend_schema(
        operation_id="cases_list",
        parameters=[
            OpenApiParameter("center", str, description="Code of one center."),
            OpenApiParameter(
                "limit",
                {"type": "integer", "minimum": 0, "maximum": 999_999_999},
                description="How many, at most 200.",
            ),
            OpenApiParameter(
                "offset",
                {"type": "integer", "minimum": 0, "maximum": 999_999_999},
                description="How many to pass over.",
            ),
        ],
        responses=CasePageSerializer,
        tags=["cases"],
    )
    def get(self, request: Request) -> Response:
        """Cases by patient code, each with its forms and derived values."""
        found = scope.cases(request.user).select_related("derived").order_by("patient_code")
        if center := request.query_params.get("center"):
            found = found.filter(center__center_code=center)
        pages = Pages()
        cases = pages.paginate_queryset(found, request, view=self)
        rows = rows_of_all(cases)
        records = [CaseRecord(case, rows[case.pk]) for case in cases]
        return pages.get_paginated_response(CaseSerializer(records, many=True).data)

    @extend_schema(
        operation_id="cases_create",
        parameters=[IDEMPOTENCY_KEY],
        request=NewCaseBody,
        responses={201: NewCaseSerializer},
        tags=["cases"],
    )
    def post(self, request: Request) -> Response:
        """Enter a patient with any of the forms, all or nothing."""
        check_user_can(request.user, Verb.ENROLL)
        return Response(create(request, read(NewCaseBody, request)), status=201)


class CaseDetail(APIView):
    """One case."""

    permission_classes = (HasVerb,)
    verb = Verb.VIEW_CASES

    @extend_schema(
        operation_id="cases_read",
        parameters=[
            OpenApiParameter(
                "If-None-Match", str, OpenApiParameter.HEADER, description="ETag of what is known."
            )
        ],
        responses={200: CaseSerializer, 304: OpenApiResponse(description="Nothing has changed.")},
        tags=["cases"],
    )
    def get(self, request: Request, case_id: UUID) -> Response:
        """One case with its forms and derived values; its ETag covers the versions of all its rows."""
        case = scope.case(request.user, case_id)
        record = CaseRecord(case, rows_of_all([case])[case.pk])
        etag = quote_etag(record.etag)
        known = parse_etags(request.headers.get("If-None-Match", ""))
        same = etag in known or f"W/{etag}" in known or "*" in known
        answer = Response(status=304) if same else Response(CaseSerializer(record).data)
        answer["ETag"] = etag
        return answer
