"""A center's own reference for a patient, for the center's own people."""

from typing import Any
from uuid import UUID

from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from registry.actions import own_reference
from registry.api.body import Body, Text
from registry.api.permissions import HasVerb
from registry.api.writing import actor_of, read
from registry.permissions.check import check_user_can
from registry.permissions.verbs import Verb
from registry.selectors import own_reference as selectors
from registry.selectors import scope


class ReferenceBody(Body):
    """How the center calls the patient."""

    text = Text(max_length=40, allow_blank=True, help_text="Empty takes it away.")


class ReferenceSerializer(serializers.Serializer[Any]):
    """How the center calls the patient; empty: not at all."""

    text = serializers.CharField()


class OwnReferenceOf(APIView):
    """The reference of one case."""

    permission_classes = (HasVerb,)
    verb = Verb.VIEW_OWN_REFERENCE

    @extend_schema(operation_id="own_reference_read", responses=ReferenceSerializer, tags=["cases"])
    def get(self, request: Request, case_id: UUID) -> Response:
        """The reference; it never leaves the center."""
        case = scope.case(request.user, case_id)
        check_user_can(request.user, Verb.VIEW_OWN_REFERENCE, case.center)
        return Response({"text": selectors.own_reference(case)})

    @extend_schema(
        operation_id="own_reference_set", request=ReferenceBody, responses=ReferenceSerializer, tags=["cases"]
    )
    def put(self, request: Request, case_id: UUID) -> Response:
        """Set it, change it or, with an empty text, take it away."""
        case, text = scope.case(request.user, case_id), read(ReferenceBody, request)["text"]
        if not text:
            own_reference.clear(actor_of(request), case)
            return Response({"text": ""})
        return Response({"text": own_reference.assign(actor_of(request), case, text).text})
