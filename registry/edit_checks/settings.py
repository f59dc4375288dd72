"""What the settings of the edit checks are called, and which check each belongs to."""

from dataclasses import dataclass

from registry.terminology.text import gettext_noop as _


@dataclass(frozen=True)
class Setting:
    """One number of `registry.edit_checks.rules.Rules`.

    Attributes
    ----------
    check : id of the check it belongs to.
    """

    name: str
    check: str
    label: str
    unit: str


SETTINGS = (
    Setting(
        "maintenance_days",
        "C10",
        _("Lenalidomide alone so soon after a transplant is maintenance"),
        _("days"),
    ),
    Setting("hemoglobin_max", "C11", _("Hemoglobin above this is in another unit"), "g/dL"),
    Setting("cycle_days_min", "C24", _("Shortest interval between two cycles"), _("days")),
    Setting("cycle_days_max", "C24", _("Longest usual interval between two cycles"), _("days")),
    Setting("isa_mgkg_min", "C26", _("Lowest usual isatuximab per infusion"), "mg/kg"),
    Setting("isa_mgkg_max", "C26", _("Highest usual isatuximab per infusion"), "mg/kg"),
    Setting("pd_dates_days", "C35", _("Two progression dates may differ by"), _("days")),
    Setting("assessment_due_days", "C37", _("An assessment is due after"), _("days")),
    Setting("related_after_days", "C39", _("An adverse event is late after the last dose"), _("days")),
    Setting("follow_up_stale_days", "C44", _("Last known alive is stale after"), _("days")),
    Setting(
        "baseline_window_days", "C50", _("A baseline sample is taken at most before the start"), _("days")
    ),
    Setting("untreated_months", "C56", _("Usual time between progression and IsaPd"), _("months")),
    Setting(
        "lost_evidence_months", "C58", _("Lost to follow-up although other evidence is newer by"), _("months")
    ),
)
