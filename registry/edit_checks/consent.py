"""Whether there is a legal basis for what is recorded."""

from collections.abc import Iterator

from registry.derivations.observation import withdrawn_on
from registry.derivations.reading import code, day
from registry.edit_checks.check import Check, Context, Hit
from registry.edit_checks.entered_dates import entered_dates
from registry.edit_checks.finding import Severity
from registry.terminology.text import gettext_noop as _


def without_legal_basis(context: Context) -> Iterator[Hit]:
    """C42: at the row that should not be there, or at the date after which nothing may follow."""
    yield from _after_refusal(context)
    yield from _before_the_center_could(context)
    yield from _after_withdrawal(context)


def _after_refusal(context: Context) -> Iterator[Hit]:
    if code(context.facts.one("enrolment"), "consent_status") != "REFUSED":
        return
    for form, records in context.facts.forms.items():
        if form != "enrolment":
            yield from (Hit(form, index, "") for index in range(len(records)))


def _before_the_center_could(context: Context) -> Iterator[Hit]:
    enrolled = day(context.facts.one("enrolment"), "enrolment_date")
    opened = [day(context.facts.center, name) for name in ("ec_approval_date", "center_activation_date")]
    if enrolled is not None and any(when is not None and enrolled < when for when in opened):
        yield Hit("enrolment", 0, "enrolment_date")


def _after_withdrawal(context: Context) -> Iterator[Hit]:
    withdrawal = withdrawn_on(context.facts)
    if withdrawal is None:
        return
    for entered in entered_dates(context.facts):
        if entered.form != "enrolment" and entered.span.earliest > withdrawal:
            yield Hit(entered.form, entered.row, entered.variable)


CHECKS = (
    Check(
        "C42",
        (Severity.ERROR,),
        _(
            "Data although consent was refused; enrolment before the ethics committee's approval or the"
            " center's activation; data dated after the withdrawal of consent."
        ),
        _("No legal basis for this form."),
        without_legal_basis,
        replaces_limit=True,
    ),
)
