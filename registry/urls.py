"""Every address of the project starts here."""

from allauth.account.decorators import secure_admin_login
from django.contrib import admin
from django.urls import include, path

from registry.views.health import healthz, readyz

# The admin's own login form knows neither the second factor nor the rate limits.
admin.site.login = secure_admin_login(admin.site.login)

urlpatterns = [
    path("healthz", healthz, name="healthz"),
    path("readyz", readyz, name="readyz"),
    path("accounts/", include("allauth.urls")),
    path("admin/", admin.site.urls),
]
