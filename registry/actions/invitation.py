"""Invitations: a mailed link with which a person sets their own password, once, within three days."""

from allauth.account import app_settings
from allauth.account.utils import user_pk_to_url_str
from django.core.mail import send_mail
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils.translation import gettext as _

from registry.actions.permitted import check_actor_can
from registry.audit.actor import Actor
from registry.models import User
from registry.permissions.verbs import Verb


def set_password_link(actor: Actor, user: User, site: str) -> str:
    """Address at which `user` sets a password; it stops working with the first use.

    Parameters
    ----------
    site : scheme and host, as "https://registry.example.org".

    Raises
    ------
    NotPermitted
    """
    check_actor_can(actor, Verb.MANAGE_PEOPLE)
    token = app_settings.PASSWORD_RESET_TOKEN_GENERATOR().make_token(user)
    path = reverse(
        "account_reset_password_from_key", kwargs={"uidb36": user_pk_to_url_str(user), "key": token}
    )
    return site.rstrip("/") + path


def send(actor: Actor, user: User, site: str) -> None:
    """Mail the link. Raises NotPermitted, and OSError when the mail server does not take it."""
    body = render_to_string(
        "registry/people/invitation_message.txt",
        {
            "name": user.name,
            "inviter": actor.name if actor.user else "",
            "link": set_password_link(actor, user, site),
        },
    )
    send_mail(_("Your account in the myeloma registry"), body.strip() + "\n", None, [user.email])
