"""Bringing files of data."""

from django.urls import path

from registry.views import import_batch
from registry.views.imports import import_template, imports

urlpatterns = [
    path("imports/", imports, name="imports"),
    path("imports/template/", import_template, name="import_template"),
    path("imports/<uuid:batch_id>/", import_batch.import_batch, name="import_batch"),
    path("imports/<uuid:batch_id>/progress/", import_batch.import_progress, name="import_progress"),
    path("imports/<uuid:batch_id>/refused/", import_batch.import_refusals, name="import_refusals"),
    path("imports/<uuid:batch_id>/commit/", import_batch.import_commit, name="import_commit"),
    path("imports/<uuid:batch_id>/again/", import_batch.import_preview_again, name="import_preview_again"),
    path("imports/<uuid:batch_id>/undo/", import_batch.import_undo, name="import_undo"),
]
