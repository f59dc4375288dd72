"""Cases: the list, one case, its forms, its history."""

from django.urls import path

from registry.views.case import case
from registry.views.case_list import case_list
from registry.views.case_new import case_new
from registry.views.form import form, form_row, form_row_new
from registry.views.history import case_history

urlpatterns = [
    path("cases/", case_list, name="case_list"),
    path("cases/new/", case_new, name="case_new"),
    path("cases/<uuid:case_id>/", case, name="case"),
    path("cases/<uuid:case_id>/history/", case_history, name="case_history"),
    path("cases/<uuid:case_id>/<str:form>/", form, name="form"),
    path("cases/<uuid:case_id>/<str:form>/new/", form_row_new, name="form_row_new"),
    path("cases/<uuid:case_id>/<str:form>/<int:seq>/", form_row, name="form_row"),
]
