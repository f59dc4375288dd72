"""Start page, people, audit, codebook."""

from django.urls import path

from registry.views import people, rules
from registry.views.audit import audit, audit_event
from registry.views.codebook import codebook, codebook_redcap, codebook_variables
from registry.views.follow_up_round import follow_up_round
from registry.views.form_print import form_print_blank
from registry.views.home import home
from registry.views.language import set_language
from registry.views.my_data import my_data
from registry.views.my_work import my_work

urlpatterns = [
    path("", home, name="home"),
    path("language/", set_language, name="set_language"),
    path("my-work/", my_work, name="my_work"),
    path("follow-up-round/", follow_up_round, name="follow_up_round"),
    path("my-data/", my_data, name="my_data"),
    path("people/", people.people, name="people"),
    path("people/invite/", people.person_invite, name="person_invite"),
    path("people/<uuid:user_id>/", people.person, name="person"),
    path("people/<uuid:user_id>/name/", people.person_rename, name="person_rename"),
    path("people/<uuid:user_id>/active/", people.person_active, name="person_active"),
    path("people/<uuid:user_id>/link/", people.person_link, name="person_link"),
    path("people/<uuid:user_id>/roles/", people.person_grant, name="person_grant"),
    path("people/<uuid:user_id>/roles/<uuid:membership_id>/end/", people.person_revoke, name="person_revoke"),
    path("rules/", rules.rules_list, name="rules_list"),
    path("rules/propose/", rules.rules_propose, name="rules_propose"),
    path("rules/<uuid:rules_id>/", rules.rules, name="rules"),
    path("rules/<uuid:rules_id>/progress/", rules.rules_progress, name="rules_progress"),
    path("rules/<uuid:rules_id>/put-in-force/", rules.rules_put_in_force, name="rules_put_in_force"),
    path("rules/<uuid:rules_id>/give-up/", rules.rules_retire, name="rules_retire"),
    path("audit/", audit, name="audit"),
    path("audit/<int:number>/", audit_event, name="audit_event"),
    path("codebook/", codebook, name="codebook"),
    path("codebook/<str:form>/print/", form_print_blank, name="form_print_blank"),
    path("codebook/redcap.csv", codebook_redcap, name="codebook_redcap"),
    path("codebook/variables.csv", codebook_variables, name="codebook_variables"),
]
