"""What every admin page of the registry has in common: our permissions, our actions, our audit trail."""

from collections.abc import Sequence
from typing import Any, ClassVar

from django.contrib.admin import ModelAdmin
from django.core.exceptions import PermissionDenied
from django.db import models
from django.http import HttpRequest, HttpResponse, QueryDict
from django.template.response import TemplateResponse
from django.urls import URLPattern
from django.utils.text import capfirst
from django.utils.translation import gettext as _

from registry.admin.action_form import REFUSALS, ActionForm
from registry.audit import history
from registry.audit.actor import Actor
from registry.exceptions import RegistryError
from registry.models import Center, Source
from registry.permissions.check import user_can
from registry.permissions.verbs import Verb


class RegistryAdmin(ModelAdmin):
    """Stock pages; who may do what comes from `registry.permissions`, every write goes to `registry.actions`.

    A verb that is None is one nobody has here. There is no search box: its words would stand in the URL.
    """

    may_view: ClassVar[tuple[Verb, ...]] = ()
    may_add: ClassVar[Verb | None] = None
    may_change: ClassVar[Verb | None] = None
    may_delete: ClassVar[Verb | None] = None

    # Bulk actions write through querysets.
    actions = None
    list_per_page = 50
    show_full_result_count = False
    delete_confirmation_template = "admin/registry/delete_confirmation.html"
    object_history_template = "admin/registry/object_history.html"

    def center_of(self, row: Any) -> Center | None:
        """Where the permission is asked; None is study-wide."""
        return None

    def get_readonly_fields(self, request: HttpRequest, obj: Any = None) -> tuple[str, ...]:
        """What a stored row shows and nobody types; a new one has nothing to show yet."""
        return tuple(self.readonly_fields) if obj is not None else ()

    # --- Permissions ---

    def has_module_permission(self, request: HttpRequest) -> bool:
        return self.has_view_permission(request) or self.has_add_permission(request)

    def has_view_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return any(self._can(request, verb, obj) for verb in self.may_view)

    def has_add_permission(self, request: HttpRequest) -> bool:
        return self._can(request, self.may_add, None)

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return self._can(request, self.may_change, obj)

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return self._can(request, self.may_delete, obj)

    def _can(self, request: HttpRequest, verb: Verb | None, obj: Any) -> bool:
        if verb is None or not request.user.is_authenticated:
            return False
        return user_can(request.user, verb, self.center_of(obj) if obj is not None else None)

    def lookup_allowed(self, lookup: str, value: str, request: HttpRequest) -> bool:
        """Only what a filter offers: a lookup by patient code would put the code into the URL."""
        offered = {getattr(each, "parameter_name", each) for each in self.list_filter}
        return lookup.split("__")[0] in offered

    def get_urls(self) -> list[URLPattern]:
        """The named pages; without the nameless address that redirects to one of them for everybody."""
        return [url for url in super().get_urls() if url.name]

    # --- Writing ---

    def actor(self, request: HttpRequest) -> Actor:
        return Actor.person(request.user, Source.ADMIN, batch=getattr(request, "request_id", ""))  # type: ignore[arg-type]

    def changeform_view(
        self,
        request: HttpRequest,
        object_id: str | None = None,
        form_url: str = "",
        extra_context: dict[str, Any] | None = None,
    ) -> HttpResponse:
        """The stock view. A refusal has rolled back everything; the form comes again and says why."""
        try:
            return super().changeform_view(request, object_id, form_url, extra_context)
        except REFUSALS as refusal:
            request.refusal = refusal  # type: ignore[attr-defined]
            return super().changeform_view(request, object_id, form_url, extra_context)

    @staticmethod
    def refusal(request: HttpRequest) -> RegistryError | None:
        """Why the action refused what this request posted."""
        return getattr(request, "refusal", None)

    def save_model(self, request: HttpRequest, obj: Any, form: ActionForm, change: bool) -> None:
        """Give the command; every subclass that can be written to says which."""
        raise PermissionDenied

    @staticmethod
    def adopt(obj: models.Model, stored: models.Model) -> None:
        """Let the stock view go on with the row that the action stored."""
        vars(obj).update(vars(stored))

    def save_related(self, request: HttpRequest, form: Any, formsets: Any, change: bool) -> None:
        """Nothing: there are no inlines, and the action has stored everything."""

    def delete_model(self, request: HttpRequest, obj: Any) -> None:
        raise PermissionDenied

    def get_deleted_objects(
        self, objs: Sequence[Any], request: HttpRequest
    ) -> tuple[list[str], dict[str, int], set[str], list[str]]:
        """What goes is the row alone: everything that refers to rows protects them."""
        return [str(obj) for obj in objs], {}, set(), []

    def delete_view(
        self, request: HttpRequest, object_id: str, extra_context: dict[str, Any] | None = None
    ) -> HttpResponse:
        try:
            return super().delete_view(request, object_id, extra_context)
        except REFUSALS as refusal:
            again = {"refusal": str(refusal), "reason": request.POST.get("reason", "")}
            request.POST = QueryDict()
            return super().delete_view(request, object_id, {**(extra_context or {}), **again})

    @staticmethod
    def posted_version(request: HttpRequest) -> int:
        """The version the person saw; one that no row has where none was sent."""
        text = request.POST.get("version", "")
        return int(text) if text.isascii() and text.isdigit() else 0

    @staticmethod
    def posted_reason(request: HttpRequest) -> str:
        return str(request.POST.get("reason", ""))[:500]

    # --- The log: the audit trail is the only one ---
    # Django's LogEntry would be a second, editable trail with patient codes in its texts.

    def construct_change_message(
        self, request: HttpRequest, form: Any, formsets: Any, add: bool = False
    ) -> str:
        return ""

    def log_addition(self, request: HttpRequest, obj: Any, message: Any) -> None:
        """Nothing: the action has left its event."""

    def log_change(self, request: HttpRequest, obj: Any, message: Any) -> None:
        """Nothing: the action has left its event."""

    def log_deletions(self, request: HttpRequest, queryset: Any) -> None:
        """Nothing: the action leaves its event."""

    def history_view(
        self, request: HttpRequest, object_id: str, extra_context: dict[str, Any] | None = None
    ) -> HttpResponse:
        """The audit trail of one row."""
        if not self.has_view_permission(request):
            raise PermissionDenied
        row = self.get_object(request, object_id)
        if row is None:
            return self._get_obj_does_not_exist_redirect(request, self.opts, object_id)  # type: ignore[no-any-return]
        if not self.has_view_permission(request, row):
            raise PermissionDenied
        context = {
            **self.admin_site.each_context(request),
            "title": _("History: %s") % row,
            "entries": history.of_case(self.case_id(row), table=self.opts.db_table, row_id=str(row.pk)),
            "module_name": capfirst(self.opts.verbose_name_plural),
            "object": row,
            "opts": self.opts,
        }
        return TemplateResponse(request, self.object_history_template, context)

    def case_id(self, row: models.Model) -> object:
        """The case under which the row's events are kept; "" for what belongs to no case."""
        return getattr(row, "case_id", "")
