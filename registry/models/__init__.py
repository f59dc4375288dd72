"""Django discovers the models here."""

from registry.models.adverse_event import AdverseEvent
from registry.models.baseline import Baseline
from registry.models.captured import CaseRow, State
from registry.models.case import Case
from registry.models.center import Center, CenterLabref
from registry.models.check_rules import CheckRules, RulesState
from registry.models.data_query import DataQuery, QueryState
from registry.models.demographics import Demographics
from registry.models.derived_case import DerivedCase
from registry.models.diagnosis import Diagnosis
from registry.models.enrolment import Enrolment
from registry.models.event import Action, DataVersion, Event, EventPayload, Source
from registry.models.fish import Fish
from registry.models.follow_up import FollowUp
from registry.models.import_batch import BatchState, ImportBatch, ImportRow, ImportWork, Outcome
from registry.models.isapd_cycle import IsapdCycle
from registry.models.isapd_treatment import IsapdTreatment
from registry.models.membership import Membership
from registry.models.own_reference import OwnReference
from registry.models.prior_line import PriorLine
from registry.models.prior_line_drug import PriorLineDrug
from registry.models.progression import Progression
from registry.models.response import Response
from registry.models.submission import Submission
from registry.models.subsequent_therapy import SubsequentTherapy
from registry.models.user import User

# One model per form of a case, in clinical order.
CASE_ROWS: dict[str, type[CaseRow]] = {
    model.form.name: model
    for model in (
        Enrolment,
        Demographics,
        Diagnosis,
        PriorLine,
        PriorLineDrug,
        Baseline,
        Fish,
        IsapdTreatment,
        IsapdCycle,
        Response,
        Progression,
        AdverseEvent,
        SubsequentTherapy,
        FollowUp,
    )
}

__all__ = [
    "CASE_ROWS",
    "Action",
    "AdverseEvent",
    "Baseline",
    "BatchState",
    "Case",
    "CaseRow",
    "Center",
    "CenterLabref",
    "CheckRules",
    "DataQuery",
    "DataVersion",
    "Demographics",
    "DerivedCase",
    "Diagnosis",
    "Enrolment",
    "Event",
    "EventPayload",
    "Fish",
    "FollowUp",
    "ImportBatch",
    "ImportRow",
    "ImportWork",
    "IsapdCycle",
    "IsapdTreatment",
    "Membership",
    "Outcome",
    "OwnReference",
    "PriorLine",
    "PriorLineDrug",
    "Progression",
    "QueryState",
    "Response",
    "RulesState",
    "Source",
    "State",
    "Submission",
    "SubsequentTherapy",
    "User",
]
