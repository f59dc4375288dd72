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
<td data-label="{}">{{}}</td>
<td class="num" data-label="{}"><span>{{}}<span class="quiet"> / {}</span>{{}}</span></td>
<td class="num" data-label="{}"><span class="meter-cell">{} <span class="percent">{{}} %</span></span></td>
<td data-label="{}"><span><span class="nowrap">{{}}</span> <span class="quiet">{{}}</span></span></td>
</tr>
"""
_METER = mark_safe('<meter min="0" max="100" value="{}" aria-hidden="true"></meter>')
_NOWHERE = uuid.UUID(int=0)


@register.simple_tag
def case_lines(lines: Iterable[Any]) -> SafeString:
    """Table rows of `registry.selectors.case_list`."""
    # What fifty lines share is resolved, translated and escaped once.
    line_html = format_html(
        _LINE,
        mark_safe(reverse("case", args=[_NOWHERE]).replace(str(_NOWHERE), "{}")),  # noqa: S308 (our own address)
        _("IsaPd start"),
        _("Forms complete"),
        len(CASE_ROWS),
        _("Core answers"),
        _METER,
        _("Last change"),
    )
    synthetic = format_html(' <span class="tag">{}</span>', _("synthetic"))
    drafts = format_html(' <span class="quiet">{}</span>', _("drafts"))
    rows = (
        line_html.format(
            line.pk,
            escape(line.patient_code),
            synthetic if line.synthetic else "",
            # As `registry.formats` has dates, in a twentieth of the time.
            f"{line.derived__start_date:%d/%m/%Y}" if line.derived__start_date else "–",
            line.derived__forms_complete,
            drafts if line.derived__forms_started > line.derived__forms_complete else "",
            line.core_percent,
            line.core_percent,
            f"{localtime(line.derived__changed_at):%d/%m/%Y %H:%M}",
            escape(line.derived__changed_by),
        )
        for line in lines
    )
    return mark_safe("".join(rows))  # noqa: S308 (what a person has typed is escaped above)
