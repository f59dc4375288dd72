"""The cohorts of the study: named, versioned, defined by the steps that lead into them."""

from __future__ import annotations

from dataclasses import dataclass

from registry.terminology.text import gettext_noop as _


@dataclass(frozen=True)
class Step:
    """One condition on the way from the enrolled patients into a cohort.

    Attributes
    ----------
    key : str
        The name of the condition in results.
    derived : str
        The derived variable that decides.
    keep : frozenset of str
        The codes that stay in. Those who leave as "NE" are counted apart.
    label, excluded : str
        The condition as a heading, and as the reason of those who leave here.
    """

    key: str
    derived: str
    keep: frozenset[str]
    label: str
    excluded: str


@dataclass(frozen=True)
class Cohort:
    """A set of patients defined by `steps`.

    Attributes
    ----------
    name : str
        Part of addresses and of snapshot names; never reused for another definition.
    version : int
        Raised with every change of the definition.
    flag : str
        The derived yes/no variable that must agree with the steps.
    """

    name: str
    version: int
    title: str
    description: str
    steps: tuple[Step, ...]
    flag: str


YES = frozenset({"YES"})

# Consent first: whoever refuses has no other form, and would leave as "not evaluable" at once.
ELIGIBILITY = (
    Step("E6", "elig_e6", YES, _("Consent or legal basis"), _("no consent or legal basis")),
    Step("E1", "elig_e1", YES, _("Multiple myeloma confirmed"), _("diagnosis not confirmed")),
    Step("E2", "elig_e2", YES, _("Relapsed or refractory, ≥1 prior line"), _("no prior line or no relapse")),
    Step(
        "E3",
        "elig_e3",
        YES,
        _("IsaPd started in the accrual period"),
        _("other regimen or outside the accrual period"),
    ),
    Step("E4", "elig_e4", YES, _("At least one cycle of IsaPd"), _("less than one cycle")),
    Step("E5", "elig_e5", YES, _("Adult"), _("younger than 18 years")),
    Step("E7", "elig_e7", YES, _("Outside an interventional trial"), _("treated in an interventional trial")),
)

ALL_ISAPD = Cohort(
    name="all_isapd",
    version=1,
    title=_("All IsaPd"),
    description=_("All eligible patients who received at least one cycle of IsaPd."),
    steps=ELIGIBILITY,
    flag="cohort_paper",
)

DARA_REFRACTORY = Cohort(
    name="dara_refractory",
    version=1,
    title=_("Daratumumab-refractory"),
    description=_(
        "Eligible patients who received at least one cycle of IsaPd and whose myeloma was refractory to "
        "daratumumab: the cohort of Martino et al., 2025."
    ),
    steps=(
        *ELIGIBILITY,
        Step(
            "DARAEXP",
            "dara_refractory",
            frozenset({"YES", "NO", "NE"}),  # NE: exposed, but whether refractory cannot be decided
            _("Exposed to daratumumab"),
            _("never exposed to daratumumab"),
        ),
        Step(
            "DARAREF",
            "dara_refractory",
            YES,
            _("Refractory to daratumumab"),
            _("exposed, not refractory to daratumumab"),
        ),
    ),
    flag="cohort_dara_r",
)

COHORTS: dict[str, Cohort] = {cohort.name: cohort for cohort in (DARA_REFRACTORY, ALL_ISAPD)}
