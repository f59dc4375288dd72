"""Every other address under the API: refused in the API's own shape, not with a page."""

from typing import Any

from drf_spectacular.utils import extend_schema
from rest_framework.permissions import AllowAny
from rest_framework.request import Request
from rest_framework.views import APIView

from registry.exceptions import NotFound


@extend_schema(exclude=True)
class Nowhere(APIView):
    """There is nothing here."""

    permission_classes = (AllowAny,)

    def initial(self, request: Request, *args: Any, **kwargs: Any) -> None:
        """Refuse whatever the method."""
        raise NotFound
