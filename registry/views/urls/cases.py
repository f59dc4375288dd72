"""Cases: the list, one case, its forms, its history."""

from django.urls import path

from registry.views.case import case
from registry.views.case_list import case_list
from registry.views.case_new import case_new
from registry.views.data_query import case_queries, case_query
from registry.views.form import form, form_row, form_row_new
from registry.views.form_preview import form_preview, form_row_preview
from registry.views.form_print import form_print
from registry.views.grid import grid
from registry.views.history import case_history
from registry.views.own_reference import own_reference
from registry.views.prior_line import prior_line, prior_line_new, prior_line_preview

urlpatterns = [
    path("cases/", case_list, name="case_list"),
    path("cases/new/", case_new, name="case_new"),
    path("cases/<uuid:case_id>/", case, name="case"),
    path("cases/<uuid:case_id>/history/", case_history, name="case_history"),
    path("cases/<uuid:case_id>/own-reference/", own_reference, name="own_reference"),
    path("cases/<uuid:case_id>/queries/", case_queries, name="case_queries"),
    path("cases/<uuid:case_id>/queries/<uuid:query_id>/", case_query, name="case_query"),
    # A line is entered with its drugs.
    path("cases/<uuid:case_id>/prior_line/new/", prior_line_new, name="prior_line_new"),
    path("cases/<uuid:case_id>/prior_line/preview/", prior_line_preview, name="prior_line_new_preview"),
    path("cases/<uuid:case_id>/prior_line/<int:seq>/", prior_line, name="prior_line"),
    path("cases/<uuid:case_id>/prior_line/<int:seq>/preview/", prior_line_preview, name="prior_line_preview"),
    path("cases/<uuid:case_id>/<str:form>/", form, name="form"),
    path("cases/<uuid:case_id>/<str:form>/print/", form_print, name="form_print"),
    path("cases/<uuid:case_id>/<str:form>/grid/", grid, name="grid"),
    path("cases/<uuid:case_id>/<str:form>/new/", form_row_new, name="form_row_new"),
    path("cases/<uuid:case_id>/<str:form>/preview/", form_preview, name="form_preview"),
    path("cases/<uuid:case_id>/<str:form>/<int:seq>/", form_row, name="form_row"),
    path("cases/<uuid:case_id>/<str:form>/<int:seq>/preview/", form_row_preview, name="form_row_preview"),
]
