"""Addresses of the API: what the pages show and do, under the same permissions."""

from django.urls import path

from registry.api.case import CaseDetail, CaseList
from registry.api.case_new import CaseBulk
from registry.api.data_query import Queries, Query
from registry.api.dictionary import Dictionary, DictionaryForm
from registry.api.own_reference import OwnReferenceOf
from registry.api.row import FormRow, FormRowRemoval, FormRows
from registry.api.schema import Docs, Schema
from registry.api.tokens import Login, Logout, LogoutAll

urlpatterns = [
    path("v1/auth/login/", Login.as_view(), name="api_login"),
    path("v1/auth/logout/", Logout.as_view(), name="api_logout"),
    path("v1/auth/logoutall/", LogoutAll.as_view(), name="api_logout_all"),
    path("v1/cases/", CaseList.as_view(), name="api_case_list"),
    path("v1/cases/<uuid:case_id>/", CaseDetail.as_view(), name="api_case"),
    path("v1/cases/bulk/", CaseBulk.as_view(), name="api_case_bulk"),
    path("v1/cases/<uuid:case_id>/forms/<slug:form>/", FormRows.as_view(), name="api_rows"),
    path("v1/cases/<uuid:case_id>/forms/<slug:form>/<int:seq>/", FormRow.as_view(), name="api_row"),
    path(
        "v1/cases/<uuid:case_id>/forms/<slug:form>/<int:seq>/removal/",
        FormRowRemoval.as_view(),
        name="api_row_removal",
    ),
    path("v1/cases/<uuid:case_id>/own-reference/", OwnReferenceOf.as_view(), name="api_own_reference"),
    path("v1/cases/<uuid:case_id>/queries/", Queries.as_view(), name="api_queries"),
    path("v1/cases/<uuid:case_id>/queries/<uuid:query_id>/", Query.as_view(), name="api_query"),
    path("v1/dictionary/", Dictionary.as_view(), name="api_dictionary"),
    path("v1/dictionary/<slug:form>/", DictionaryForm.as_view(), name="api_dictionary_form"),
    path("schema/", Schema.as_view(), name="api_schema"),
    path("docs/", Docs.as_view(), name="api_docs"),
]
