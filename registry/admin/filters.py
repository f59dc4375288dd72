"""Filters of the change lists. Their values are ids: no code of a patient stands in a URL."""

from typing import Any

from django.contrib.admin import ModelAdmin, SimpleListFilter
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _

from registry.exceptions import NotFound
from registry.selectors import scope


class CenterFilter(SimpleListFilter):
    """One of the person's own centers."""

    title = _("center")
    parameter_name = "center"
    path = "center"

    def lookups(self, request: HttpRequest, model_admin: ModelAdmin) -> list[tuple[Any, str]]:
        return [(str(center.pk), str(center)) for center in scope.centers(request.user)]  # type: ignore[arg-type]

    def queryset(self, request: HttpRequest, queryset: Any) -> Any:
        known = {value for value, _label in self.lookup_choices}
        return queryset.filter(**{self.path: self.value()}) if self.value() in known else queryset


class RowCenterFilter(CenterFilter):
    """The same for rows of cases."""

    path = "case__center"


class CaseFilter(SimpleListFilter):
    """The rows of one case, chosen on the page of the case."""

    title = _("case")
    parameter_name = "case"

    def lookups(self, request: HttpRequest, model_admin: ModelAdmin) -> list[tuple[Any, str]]:
        try:
            case = scope.case(request.user, request.GET.get(self.parameter_name))  # type: ignore[arg-type]
        except NotFound:
            return []
        return [(str(case.pk), str(case))]

    def has_output(self) -> bool:
        return self.value() is not None

    def queryset(self, request: HttpRequest, queryset: Any) -> Any:
        if not self.value():
            return queryset
        # An id that is not among the person's cases shows nothing, whether it exists or not.
        chosen = [value for value, _label in self.lookup_choices]
        return queryset.filter(case__in=chosen)
