"""Every address of the project starts here."""

from django.urls import include, path, re_path

from registry.api.nowhere import Nowhere
from registry.views.health import healthz, readyz

urlpatterns = [
    path("healthz", healthz, name="healthz"),
    path("readyz", readyz, name="readyz"),
    path("", include("registry.views.urls.pages")),
    path("", include("registry.views.urls.cases")),
    path("", include("registry.views.urls.imports")),
    path("", include("analytics.urls")),
    path("accounts/", include("registry.views.urls.account")),
    path("admin/", include("registry.admin.urls")),
    path("api/", include("registry.api.urls")),
    path("api/", include("analytics.api.urls")),
    re_path("^api/", Nowhere.as_view(), name="api_nowhere"),
]

handler400 = "registry.views.errors.bad_request"
handler403 = "registry.views.errors.forbidden"
handler404 = "registry.views.errors.not_found"
handler500 = "registry.views.errors.server_error"
