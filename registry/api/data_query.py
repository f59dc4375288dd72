"""Data queries of a case: read, raised, and settled, as on its pages."""

from typing import Any
from uuid import UUID

from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from registry.actions import data_query
from registry.api.body import Body, Text
from registry.api.permissions import HasVerb
from registry.api.writing import actor_of, read
from registry.edit_checks.finding import Severity
from registry.forms.wording import message_of
from registry.models import QueryState
from registry.permissions.verbs import Verb
from registry.policies.data_query import MAX_TEXT, Step
from registry.selectors import scope
from registry.selectors.data_queries import queries_of, query_of


class QuerySerializer(serializers.Serializer[Any]):
    """One query: a finding of an edit check, or a person's question."""

    id = serializers.UUIDField()
    form = serializers.CharField()
    seq = serializers.IntegerField()
    variable = serializers.CharField(help_text="Empty: the row as a whole.")
    check = serializers.CharField(source="check_id", help_text="Empty: a person asks.")
    severity = serializers.ChoiceField(choices=[severity.value for severity in Severity])
    state = serializers.ChoiceField(choices=QueryState.choices)
    message = serializers.SerializerMethodField()
    opened_at = serializers.DateTimeField()
    opened_by = serializers.CharField()
    reason = serializers.CharField(help_text="Why it was confirmed correct, or the answer.")
    answered_at = serializers.DateTimeField(allow_null=True)
    answered_by = serializers.CharField()

    def get_message(self, query: Any) -> str:
        return message_of(query)


class QuestionBody(Body):
    """What somebody asks about a field."""

    form = Text(max_length=40)
    seq = serializers.IntegerField(min_value=1, max_value=100_000)
    variable = Text(max_length=60, allow_blank=True, default="", required=False)
    question = Text(max_length=MAX_TEXT)


class StepBody(Body):
    """What is done with a query, and why."""

    step = serializers.ChoiceField(choices=[step.value for step in Step])
    text = Text(
        max_length=MAX_TEXT,
        required=False,
        default="",
        allow_blank=True,
        help_text="Why it is correct; the answer; what is still open. Closing needs none.",
    )


class Queries(APIView):
    """The queries of a case."""

    permission_classes = (HasVerb,)
    verb = Verb.VIEW_CASES

    @extend_schema(operation_id="queries_list", responses=QuerySerializer(many=True), tags=["queries"])
    def get(self, request: Request, case_id: UUID) -> Response:
        """Every query of the case, closed ones too, in the order its forms are read."""
        return Response(QuerySerializer(queries_of(scope.case(request.user, case_id)), many=True).data)

    @extend_schema(
        operation_id="queries_create",
        request=QuestionBody,
        responses={201: QuerySerializer},
        tags=["queries"],
    )
    def post(self, request: Request, case_id: UUID) -> Response:
        """Ask about a field of a stored row."""
        case, body = scope.case(request.user, case_id), read(QuestionBody, request)
        place = (body["form"], body["seq"], body["variable"])
        made = data_query.raise_question(actor_of(request), case, *place, body["question"])
        return Response(QuerySerializer(made).data, status=201)


class Query(APIView):
    """One query."""

    permission_classes = (HasVerb,)
    verb = Verb.VIEW_CASES

    @extend_schema(operation_id="queries_step", request=StepBody, responses=QuerySerializer, tags=["queries"])
    def post(self, request: Request, case_id: UUID, query_id: UUID) -> Response:
        """Confirm a finding as correct; answer, close or reopen a question."""
        case = scope.case(request.user, case_id)
        query, body = query_of(case, query_id), read(StepBody, request)
        actor = actor_of(request)
        match Step(body["step"]):
            case Step.CONFIRM:
                data_query.confirm(actor, query, body["text"])
            case Step.ANSWER:
                data_query.answer(actor, query, body["text"])
            case Step.CLOSE:
                data_query.close(actor, query)
            case Step.REOPEN:
                data_query.reopen(actor, query, body["text"])
        return Response(QuerySerializer(query_of(case, query_id)).data)
