"""Start page, people, audit, codebook."""

from django.urls import path

from registry.views import people
from registry.views.audit import audit, audit_event
from registry.views.codebook import codebook
from registry.views.home import home

urlpatterns = [
    path("", home, name="home"),
    path("people/", people.people, name="people"),
    path("people/invite/", people.person_invite, name="person_invite"),
    path("people/<uuid:user_id>/", people.person, name="person"),
    path("people/<uuid:user_id>/name/", people.person_rename, name="person_rename"),
    path("people/<uuid:user_id>/active/", people.person_active, name="person_active"),
    path("people/<uuid:user_id>/link/", people.person_link, name="person_link"),
    path("people/<uuid:user_id>/roles/", people.person_grant, name="person_grant"),
    path("people/<uuid:user_id>/roles/<uuid:membership_id>/end/", people.person_revoke, name="person_revoke"),
    path("audit/", audit, name="audit"),
    path("audit/<int:number>/", audit_event, name="audit_event"),
    path("codebook/", codebook, name="codebook"),
]
