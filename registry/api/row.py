"""Rows of a case: entering, correcting and removing them, through the same actions as the pages."""

from typing import Any
from uuid import UUID

from drf_spectacular.utils import OpenApiResponse, extend_schema
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from registry import fields
from registry.actions import record
from registry.api.body import Body, Confirmations, Entries, Text, Truth
from registry.api.finding import FindingSerializer, told
from registry.api.permissions import HasVerb
from registry.api.problems import MEDIA_TYPE, problem
from registry.api.writing import IDEMPOTENCY_KEY, IF_MATCH, actor_of, read, token_of, version_of
from registry.dictionary.entry import write
from registry.exceptions import NotFound, StaleVersion
from registry.models import Case, CaseRow, State
from registry.permissions.check import check_user_can
from registry.permissions.verbs import Verb
from registry.selectors import scope
from registry.selectors.facts import rows_of
from registry.selectors.whole_case import WholeCase


class RowBody(Body):
    """What is entered in a row."""

    entries = Entries()
    complete = Truth(
        required=False, default=False, help_text="Call the row complete; otherwise it is a draft."
    )
    confirmations = Confirmations(
        required=False,
        help_text='Key of a warning or query ("C27.dex_start_dose") → why the answer is correct.',
    )
    reason = Text(
        required=False,
        default="",
        allow_blank=True,
        max_length=500,
        help_text="For a row that was complete before.",
    )


class RemovalBody(Body):
    """Why a row is removed."""

    reason = Text(required=False, default="", allow_blank=True, max_length=500)


class RowSerializer(serializers.Serializer[Any]):
    """One row, and what the edit checks say of it."""

    form = serializers.CharField()
    seq = serializers.IntegerField()
    state = serializers.ChoiceField(choices=State.choices)
    version = serializers.IntegerField()
    values = Entries(help_text="Variable → entry, without those that are blank.")
    findings = FindingSerializer(many=True)


STALE = OpenApiResponse(
    {
        "type": "object",
        "description": "Somebody else was faster: what was sent, and what is stored; null: removed.",
        "properties": {
            "title": {"type": "string"},
            "status": {"type": "integer"},
            "detail": {"type": "string"},
            "sent": {"type": "object"},
            "stored": {"type": "object", "nullable": True},
        },
        "required": ["title", "status", "detail", "sent", "stored"],
    },
    description="Both versions.",
)


class RowView(APIView):
    """Base: the case and the form an address names."""

    permission_classes = (HasVerb,)
    verb = Verb.VIEW_CASES

    def case(self, request: Request, case_id: UUID, form: str) -> Case:
        """The case, if the person may see it and has the form."""
        record.model_of(form)
        return scope.case(request.user, case_id)

    def answer(self, case: Case, row: CaseRow, status: int = 200) -> Response:
        """A row with its findings and its ETag."""
        content = told_row(WholeCase(case, rows_of(case)), row)
        return Response(content, status=status, headers={"ETag": f'"{row.version}"'})

    def stale(self, case: Case, refusal: StaleVersion, entries: Any, status: int) -> Response:
        """Both versions, so that the person can choose."""
        stored = told_row(WholeCase(case, rows_of(case)), refusal.row) if refusal.row else None
        return problem(status, str(refusal), sent=dict(entries), stored=stored)


class FormRows(RowView):
    """A new row."""

    verb = Verb.RECORD

    @extend_schema(
        operation_id="rows_create",
        parameters=[IDEMPOTENCY_KEY],
        request=RowBody,
        responses={201: RowSerializer, (409, MEDIA_TYPE): STALE},
        tags=["rows"],
    )
    def post(self, request: Request, case_id: UUID, form: str) -> Response:
        """Enter a new row; of a form that does not repeat, its only one (409 when it is there)."""
        case, body = self.case(request, case_id, form), read(RowBody, request)
        entries = body["entries"]
        try:
            row = record.save(
                actor_of(request),
                case,
                form,
                entries,
                complete=body["complete"],
                confirmations=body.get("confirmations"),
                reason=body["reason"],
                token=token_of(request),
            )
        except StaleVersion as refusal:
            return self.stale(case, refusal, entries, 409)
        return self.answer(case, row, 201)


class FormRow(RowView):
    """One row."""

    @extend_schema(operation_id="rows_read", responses=RowSerializer, tags=["rows"])
    def get(self, request: Request, case_id: UUID, form: str, seq: int) -> Response:
        """The row, its findings and its ETag."""
        case = self.case(request, case_id, form)
        return self.answer(case, _row(case, form, seq))

    @extend_schema(
        operation_id="rows_change",
        parameters=[IF_MATCH, IDEMPOTENCY_KEY],
        request=RowBody,
        responses={200: RowSerializer, (412, MEDIA_TYPE): STALE},
        tags=["rows"],
    )
    def patch(self, request: Request, case_id: UUID, form: str, seq: int) -> Response:
        """Change what the body names; the rest of the row stays."""
        case = self.case(request, case_id, form)
        check_user_can(request.user, Verb.RECORD, case.center)
        body, version = read(RowBody, request), version_of(request)
        _row(case, form, seq)
        entries = body["entries"]
        try:
            row = record.save(
                actor_of(request),
                case,
                form,
                entries,
                seq=seq,
                version=version,
                complete=body["complete"],
                confirmations=body.get("confirmations"),
                reason=body["reason"],
                token=token_of(request),
            )
        except StaleVersion as refusal:
            return self.stale(case, refusal, entries, 412)
        return self.answer(case, row)


class FormRowRemoval(RowView):
    """Removing a row."""

    verb = Verb.RECORD

    @extend_schema(
        operation_id="rows_remove",
        parameters=[IF_MATCH, IDEMPOTENCY_KEY],
        request=RemovalBody,
        responses={
            204: OpenApiResponse(description="Removed; its history is kept."),
            (412, MEDIA_TYPE): STALE,
        },
        tags=["rows"],
    )
    def post(self, request: Request, case_id: UUID, form: str, seq: int) -> Response:
        """Remove a row. A POST, because a reason belongs to it, and a reason belongs in no address."""
        case, body = self.case(request, case_id, form), read(RemovalBody, request)
        version, token = version_of(request), token_of(request)
        try:
            record.remove(
                actor_of(request), case, form, seq, version=version, reason=body["reason"], token=token
            )
        except StaleVersion as refusal:
            if refusal.row is None:
                raise NotFound from None
            return self.stale(case, refusal, {}, 412)
        return Response(status=204)


def told_row(whole: WholeCase, row: CaseRow) -> dict[str, Any]:
    """A row of a case as JSON."""
    values = {variable.name: write(fields.get(row, variable)) for variable in row.variables}
    standing = next((each for each in whole.rows[row.form.name] if each.pk == row.pk), None)
    return {
        "form": row.form.name,
        "seq": row.seq,
        "state": row.state,
        "version": row.version,
        "values": {name: entry for name, entry in values.items() if entry is not None},
        "findings": told(whole.findings_at(standing), whole) if standing else [],
    }


def _row(case: Case, form: str, seq: int) -> CaseRow:
    for row in rows_of(case)[form]:
        if row.seq == seq:
            return row
    raise NotFound
