"""Addresses of the API: reading what the pages show, under the same permissions."""

from django.urls import path

from registry.api.case import CaseDetail, CaseList
from registry.api.dictionary import Dictionary, DictionaryForm
from registry.api.schema import Docs, Schema
from registry.api.tokens import Login, Logout, LogoutAll

urlpatterns = [
    path("v1/auth/login/", Login.as_view(), name="api_login"),
    path("v1/auth/logout/", Logout.as_view(), name="api_logout"),
    path("v1/auth/logoutall/", LogoutAll.as_view(), name="api_logout_all"),
    path("v1/cases/", CaseList.as_view(), name="api_case_list"),
    path("v1/cases/<uuid:case_id>/", CaseDetail.as_view(), name="api_case"),
    path("v1/dictionary/", Dictionary.as_view(), name="api_dictionary"),
    path("v1/dictionary/<slug:form>/", DictionaryForm.as_view(), name="api_dictionary_form"),
    path("schema/", Schema.as_view(), name="api_schema"),
    path("docs/", Docs.as_view(), name="api_docs"),
]
