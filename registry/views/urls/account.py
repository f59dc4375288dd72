"""The allauth pages that are used, one by one: no sign-up, no other address, no login by a mailed code."""

from allauth.account import views as account
from allauth.mfa.base import views as mfa
from allauth.mfa.recovery_codes import views as recovery_codes
from allauth.mfa.totp import views as totp
from django.contrib.auth.decorators import login_required
from django.urls import path, re_path
from django.views.decorators.http import require_POST

from registry.views.session import session_state

urlpatterns = [
    path("login/", account.login, name="account_login"),
    # A link or an image on another page must not be able to log somebody out.
    path("logout/", require_POST(account.logout), name="account_logout"),
    path("session/", session_state, name="session_state"),
    path("inactive/", account.account_inactive, name="account_inactive"),
    path("reauthenticate/", account.reauthenticate, name="account_reauthenticate"),
    path("password/change/", account.password_change, name="account_change_password"),
    path("password/reset/", account.password_reset, name="account_reset_password"),
    path("password/reset/done/", account.password_reset_done, name="account_reset_password_done"),
    re_path(
        r"^password/reset/key/(?P<uidb36>[0-9A-Za-z]+)-(?P<key>.+)/$",
        account.password_reset_from_key,
        name="account_reset_password_from_key",
    ),
    path(
        "password/reset/key/done/",
        account.password_reset_from_key_done,
        name="account_reset_password_from_key_done",
    ),
    path("two-factor/", mfa.index, name="mfa_index"),
    path("two-factor/login/", mfa.authenticate, name="mfa_authenticate"),
    path("two-factor/confirm/", mfa.reauthenticate, name="mfa_reauthenticate"),
    path("two-factor/app/", login_required(totp.activate_totp), name="mfa_activate_totp"),
    path("two-factor/app/off/", login_required(totp.deactivate_totp), name="mfa_deactivate_totp"),
    path("two-factor/codes/", recovery_codes.view_recovery_codes, name="mfa_view_recovery_codes"),
    path(
        "two-factor/codes/new/",
        login_required(recovery_codes.generate_recovery_codes),
        name="mfa_generate_recovery_codes",
    ),
]
