"""What every page shows around its content: icons, the navigation, whose data these are."""

from dataclasses import dataclass

from django import forms, template
from django.forms import BoundField
from django.template import Context
from django.templatetags.static import static
from django.urls import reverse
from django.utils.formats import get_format
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _

from registry.models import Center, User
from registry.permissions.check import user_can
from registry.permissions.verbs import Verb
from registry.selectors.memberships import memberships
from registry.terminology.text import gettext_noop

register = template.Library()

# Label, URL name, the verb that opens it (None: everybody), in the order of a study's work.
_PLACES: tuple[tuple[str, str, Verb | None], ...] = (
    (gettext_noop("My work"), "my_work", Verb.RECORD),
    (gettext_noop("Cases"), "case_list", Verb.VIEW_CASES),
    (gettext_noop("My data"), "my_data", Verb.EXPORT_CASES),
    (gettext_noop("Imports"), "imports", Verb.IMPORT),
    (gettext_noop("Reports"), "report_list", Verb.VIEW_REPORTS),
    (gettext_noop("Releases"), "release_list", Verb.VIEW_RELEASES),
    (gettext_noop("People"), "people", Verb.MANAGE_PEOPLE),
    (gettext_noop("Rules"), "rules_list", Verb.MANAGE_RULES),
    (gettext_noop("Audit"), "audit", Verb.VIEW_AUDIT),
    (gettext_noop("Codebook"), "codebook", None),
)


@dataclass(frozen=True)
class Place:
    """One entry of the navigation."""

    label: str
    url: str
    current: bool


@register.simple_tag
def icon(name: str) -> SafeString:
    """An icon of the sprite. Decoration: the word beside it says the same."""
    return format_html(
        '<svg class="icon" aria-hidden="true"><use href="{}#{}"></use></svg>',
        static("registry/icons.svg"),
        name,
    )


@register.simple_tag(takes_context=True)
def navigation(context: Context) -> list[Place]:
    """The places this person may open."""
    user = context.get("user")
    if not isinstance(user, User) or not user.is_active:
        return []
    path = context["request"].path
    places = []
    for label, name, verb in _PLACES:
        if verb is not None and not user_can(user, verb):
            continue
        url = reverse(name)
        places.append(Place(_(label), url, path.startswith(url)))
    return places


@register.simple_tag(takes_context=True)
def shows_synthetic_data(context: Context) -> bool:
    """Whether any center this person works with holds demonstration data.

    Whoever holds a study-wide role sees pooled results of all centers.
    """
    user = context.get("user")
    if not isinstance(user, User):
        return False
    held = memberships(user)
    if any(m.center and m.center.synthetic for m in held):
        return True
    return any(not m.get_role().at_center for m in held) and Center.objects.filter(synthetic=True).exists()


@register.simple_tag
def roles_of(user: User) -> list[str]:
    """A person's roles in words, with the center: "Data manager, IT001"."""
    return [role_text(m) for m in memberships(user)]


@register.filter
def role_text(membership: object) -> str:
    """One role in words, with its center."""
    label = _(membership.get_role().label)  # type: ignore[attr-defined]
    center = membership.center  # type: ignore[attr-defined]
    return f"{label}, {center}" if center else label


@register.filter
def translated(text: str) -> str:
    """The person's language for a text that a pure package marked for translation."""
    return _(text) if text else ""


@register.simple_tag
def decimal_mark() -> str:
    """What stands between a number's whole part and its decimals, for the pages' scripts."""
    return str(get_format("DECIMAL_SEPARATOR"))


@register.simple_tag
def styled(field: BoundField) -> SafeString:
    """A form field's input in the house style; Django itself ties it to its hint and its errors."""
    widget = field.field.widget
    if isinstance(widget, forms.CheckboxInput):
        name = "form-check-input"
    elif isinstance(widget, forms.Select):
        name = "form-select"
    else:
        name = "form-control"
    classes = [name, widget.attrs.get("class", ""), "is-invalid" if field.errors else ""]
    attributes = {"class": " ".join(filter(None, classes))}
    if "autocomplete" in widget.attrs:
        # allauth's own fields repeat their label inside the input, where it vanishes with the first letter.
        attributes["placeholder"] = False
    return field.as_widget(attrs=attributes)
