"""The admin site: stock Django pages over our own permissions, login and log."""

import re
from typing import Any

from django.contrib.admin import AdminSite
from django.contrib.auth.views import redirect_to_login
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse, HttpResponseNotAllowed
from django.shortcuts import redirect
from django.urls import URLPattern, URLResolver, reverse
from django.utils.translation import gettext_lazy as _

# "View on site" would tell whether a foreign object exists; what one types to autocomplete would stand in the
# URL; passwords are changed in allauth's pages.
_LEFT_OUT = frozenset({"view_on_site", "autocomplete", "password_change_done"})
_SAFE = ("GET", "HEAD")
# Names of the pages that take something.
_TAKING = re.compile("registry_.*_(add|change|delete)|logout")


class RegistryAdminSite(AdminSite):
    """Only what this project registers on it is served: no tokens, sessions or second factors of others."""

    site_header = site_title = _("Myeloma registry: administration")
    index_template = "admin/registry/index.html"

    def get_urls(self) -> list[URLPattern | URLResolver]:
        return [url for url in super().get_urls() if getattr(url, "name", None) not in _LEFT_OUT]

    def admin_view(self, view: Any, cacheable: bool = False) -> Any:
        """Stock pages treat every method they do not know as a GET; here it is refused."""

        def checked(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
            name = (request.resolver_match and request.resolver_match.url_name) or ""
            methods = (*_SAFE, "POST") if _TAKING.fullmatch(name) else _SAFE
            if request.method not in methods:
                return HttpResponseNotAllowed(methods)
            return wrapped(request, *args, **kwargs)  # type: ignore[no-any-return]

        wrapped = super().admin_view(view, cacheable)
        return checked

    def login(self, request: HttpRequest, extra_context: dict[str, Any] | None = None) -> HttpResponse:
        """Log in on the registry's own page: the stock one knows no second factor and no rate limit.

        Unlike allauth's wrapper this never falls through to the stock form, with which somebody who is logged
        in could log in as somebody else.
        """
        if request.method not in _SAFE:
            return HttpResponseNotAllowed(_SAFE)
        if not request.user.is_authenticated:
            return redirect_to_login(request.GET.get("next") or self._index())
        if not self.has_permission(request):
            raise PermissionDenied
        return redirect(self._index())

    def password_change(
        self, request: HttpRequest, extra_context: dict[str, Any] | None = None
    ) -> HttpResponse:
        return redirect("account_change_password")

    def get_log_entries(self, request: HttpRequest) -> list[Any]:
        return []

    def _index(self) -> str:
        return reverse("admin:index", current_app=self.name)


site = RegistryAdminSite()
