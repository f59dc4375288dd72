"""Addresses of the admin; importing the modules puts their pages on the site."""

from django.urls import path

from registry.admin import case_rows, cases, centers, events, memberships, users  # noqa: F401
from registry.admin.site import site

urlpatterns = [path("", site.urls)]
