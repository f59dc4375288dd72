"""What templates of queries need beyond Django's own."""

from collections.abc import Mapping

from django import template

from registry.forms.wording import message_of
from registry.models import DataQuery

register = template.Library()


@register.filter
def at(mapping: Mapping[str, object] | None, key: str) -> object:
    """What a mapping holds under a key; nothing where there is no mapping."""
    return mapping.get(key) if mapping else None


@register.filter
def query_text(query: DataQuery) -> str:
    """What a query says."""
    return message_of(query)
