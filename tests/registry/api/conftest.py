"""Somebody who uses the API."""

import pytest
from rest_framework.test import APIClient

from registry.models import User
from tests import factories


def token_of(user: User) -> str:
    answer = APIClient().post(
        "/api/v1/auth/login/", {"email": user.email, "password": factories.PASSWORD}, format="json"
    )
    assert answer.status_code == 200, answer.json()
    return str(answer.json()["token"])


def client_of(user: User) -> APIClient:
    client = APIClient()
    client.credentials(HTTP_AUTHORIZATION=f"Token {token_of(user)}")
    return client


@pytest.fixture
def center():
    return factories.center()
