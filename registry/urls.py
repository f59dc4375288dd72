"""Every address of the project starts here."""

from django.urls import include, path

from registry.views.health import healthz, readyz

urlpatterns = [
    path("healthz", healthz, name="healthz"),
    path("readyz", readyz, name="readyz"),
    path("", include("registry.views.urls.pages")),
    path("", include("registry.views.urls.cases")),
    path("", include("analytics.urls")),
    path("accounts/", include("registry.views.urls.account")),
    path("admin/", include("registry.admin.urls")),
    path("api/", include("registry.api.urls")),
    path("api/", include("analytics.api.urls")),
]

handler400 = "registry.views.errors.bad_request"
handler403 = "registry.views.errors.forbidden"
handler404 = "registry.views.errors.not_found"
handler500 = "registry.views.errors.server_error"
