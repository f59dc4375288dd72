"""The lines of the case list: as a template, fifty took three times as long as the rest of the page."""

import uuid
from collections.abc import Iterable
from typing import Any

from django import template
from django.urls import reverse
from django.utils.html import escape, format_html
from django.utils.safestring import SafeString, mark_safe
from django.utils.timezone import localtime
from django.utils.translation import gettext as _

from registry.models import CASE_ROWS

register = template.Library()

_LINE = """<tr>
<th scope="row" class="stack-title"><a href="{}">{{}}</a>{{}}</th>
{}<td data-label="{}">{{}}</td>
<td class="num" data-label="{}"><span>{{}}<span class="quiet"> / {}</span>{{}}</span></td>
<td class="num" data-label="{}"><span class="meter-cell">{} <span class="percent">{{}} %</span></span></td>
<td class="num" data-label="{}">{{}}</td>
<td data-label="{}"><span><span class="nowrap">{{}}</span> <span class="quiet">{{}}</span></span></td>
</tr>
"""
_REFERENCE = '<td data-label="{}">{{}}</td>\n'
_NO_REFERENCE = mark_safe("{}")
_METER = mark_safe('<meter min="0" max="100" value="{}" aria-hidden="true"></meter>')
_NOWHERE = uuid.UUID(int=0)


@register.simple_tag
def case_lines(lines: Iterable[Any], *, with_reference: object = False) -> SafeString:
    """Table rows of `registry.selectors.case_list`; own references where the person may see any."""
    # What fifty lines share is resolved, translated and escaped once.
    line_html = format_html(
        _LINE,
        mark_safe(reverse("case", args=[_NOWHERE]).replace(str(_NOWHERE), "{}")),  # noqa: S308 (our own address)
        format_html(_REFERENCE, _("Own reference")) if with_reference else _NO_REFERENCE,
        _("IsaPd start"),
        _("Forms complete"),
        len(CASE_ROWS),
        _("Core answers"),
        _METER,
        _("Open queries"),
        _("Last change"),
    )
    synthetic = format_html(' <span class="tag">{}</span>', _("synthetic"))
    drafts = format_html(' <span class="quiet">{}</span>', _("drafts"))
    errors = _("errors")
    rows = (
        line_html.format(
            line.pk,
            escape(line.patient_code),
            synthetic if line.synthetic else "",
            escape(line.reference or ""),
            # As `registry.formats` has dates, in a twentieth of the time.
            f"{line.derived__start_date:%d/%m/%Y}" if line.derived__start_date else "–",
            line.derived__forms_complete,
            drafts if line.derived__forms_started > line.derived__forms_complete else "",
            line.core_percent,
            line.core_percent,
            _open(line, errors),
            f"{localtime(line.derived__changed_at):%d/%m/%Y %H:%M}",
            escape(line.derived__changed_by),
        )
        for line in lines
    )
    return mark_safe("".join(rows))  # noqa: S308 (what a person has typed is escaped above)


def _open(line: Any, errors: str) -> str:
    """How many queries are open; how many of them are errors, where any are."""
    wrong = line.derived__open_errors
    of_them = f' <span class="quiet">({escape(errors)}: {wrong})</span>' if wrong else ""
    return f"<span>{line.open_count or 0}{of_them}</span>"
