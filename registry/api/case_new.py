"""New cases, one or many; of many, each has its own answer."""

from collections.abc import Mapping
from typing import Any

from django.utils.translation import gettext as _
from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from registry.actions import case as case_actions
from registry.api.body import Body, Forms, Text, Truth
from registry.api.finding import FindingSerializer, told
from registry.api.permissions import HasVerb
from registry.api.problems import handle
from registry.api.writing import IDEMPOTENCY_KEY, actor_of, read, token_of
from registry.exceptions import RegistryError
from registry.models import CASE_ROWS, Case, Center
from registry.permissions.verbs import Verb
from registry.selectors import scope
from registry.selectors.facts import rows_of
from registry.selectors.whole_case import WholeCase

MOST_AT_ONCE = 100


class NewCaseBody(Body):
    """A patient with any of the forms."""

    center = Text(max_length=8, help_text="Code of the center.")
    forms = Forms(help_text="The registry issues the patient code.")
    complete = Truth(required=False, default=False, help_text="Call every row complete.")
    confirm = Text(
        required=False,
        default="",
        allow_blank=True,
        max_length=500,
        help_text="Why every warning is correct.",
    )


class BulkBody(Body):
    """Several patients; one that is refused keeps no other from being entered."""

    cases = serializers.ListField(child=NewCaseBody(), min_length=1, max_length=MOST_AT_ONCE)


class NewCaseSerializer(serializers.Serializer[Any]):
    """The case that was made."""

    id = serializers.UUIDField()
    patient_code = serializers.CharField()
    center = serializers.CharField()
    findings = FindingSerializer(many=True)


class ResultSerializer(serializers.Serializer[Any]):
    """What became of one of several: a case, or the problem."""

    status = serializers.IntegerField(help_text="As if it had been sent alone: 201, 422 …")
    case = NewCaseSerializer(allow_null=True)
    problem = serializers.JSONField(allow_null=True, help_text="As the schema Problem.")


class BulkSerializer(serializers.Serializer[Any]):
    """A result per case, in the order they were sent."""

    results = ResultSerializer(many=True)


class CaseBulk(APIView):
    """Many patients in one request."""

    permission_classes = (HasVerb,)
    verb = Verb.ENROLL

    @extend_schema(
        operation_id="cases_create_many",
        parameters=[IDEMPOTENCY_KEY],
        request=BulkBody,
        responses=BulkSerializer,
        tags=["cases"],
    )
    def post(self, request: Request) -> Response:
        """Enter up to 100 patients; each stands or falls alone, and the answer says which."""
        cases = read(BulkBody, request)["cases"]
        return Response(
            {"results": [_result(request, body, str(number)) for number, body in enumerate(cases)]}
        )


def create(request: Request, body: Mapping[str, Any], part: str = "") -> dict[str, Any]:
    """Enter one patient; return what is told of the new case.

    Raises
    ------
    ValidationError
        For a form or a center there is not.
    RegistryError
        What the action refuses with.
    """
    unknown = sorted(set(body["forms"]) - set(CASE_ROWS))
    if unknown:
        message = _("There is no form “%(name)s”.") % {"name": unknown[0][:40]}
        raise serializers.ValidationError({"forms": [message]})
    center = _center(request, body["center"])
    case = case_actions.enter(
        actor_of(request),
        center,
        body["forms"],
        complete=body["complete"],
        confirm=body["confirm"],
        token=token_of(request, part),
    )
    return _told(case)


def _center(request: Request, code: str) -> Center:
    for center in scope.centers(request.user):
        if str(center) == code:
            return center
    # The same sentence for a center there is not and for another one's.
    raise serializers.ValidationError({"center": [_("You have no such center.")]})


def _told(case: Case) -> dict[str, Any]:
    whole = WholeCase(case, rows_of(case))
    findings = told(whole.findings, whole)
    return {
        "id": str(case.pk),
        "patient_code": case.patient_code,
        "center": str(case.center),
        "findings": findings,
    }


def _result(request: Request, body: Mapping[str, Any], part: str) -> dict[str, Any]:
    try:
        return {"status": 201, "case": create(request, body, part), "problem": None}
    except (RegistryError, serializers.ValidationError) as refusal:
        answer = handle(refusal, {})
        assert answer is not None
        return {"status": answer.status_code, "case": None, "problem": answer.data}
