"""Lists a part at a time."""

from django.utils.translation import gettext as _
from rest_framework import serializers
from rest_framework.pagination import LimitOffsetPagination
from rest_framework.request import Request


class Pages(LimitOffsetPagination):
    """At most so many at a time as one answer can hold; what is no number is refused, not passed over."""

    default_limit = 50
    max_limit = 200

    def get_limit(self, request: Request) -> int | None:
        _check(request, self.limit_query_param)
        return super().get_limit(request)

    def get_offset(self, request: Request) -> int:
        _check(request, self.offset_query_param)
        return super().get_offset(request)


def _check(request: Request, name: str) -> None:
    for text in request.query_params.getlist(name):
        if not (text.isascii() and text.isdigit() and len(text) < 10):
            raise serializers.ValidationError({name: [_("Enter a whole number.")]})
