"""Start page, people, audit, codebook."""

from django.urls import path

from registry.views.home import home

urlpatterns = [
    path("", home, name="home"),
]
