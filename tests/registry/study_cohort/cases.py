"""The cohort's cases as facts and as derived values, read once for all tests."""

from functools import cache

from registry.derivations.case import derive
from registry.derivations.derived import Derived
from registry.dictionary.facts import Facts
from registry.management.study_cohort.cohort import profiles, records
from registry.management.study_cohort.profile import Profile


@cache
def facts() -> dict[str, Facts]:
    """Reference → facts."""
    return {str(case["patient_code"]): Facts.from_json(case) for _, case in records()}


@cache
def derived() -> dict[str, dict[str, Derived]]:
    """Reference → derived variables."""
    return {reference: derive(case) for reference, case in facts().items()}


@cache
def profile_of() -> dict[str, Profile]:
    """Reference → the patient as planned."""
    return {profile.reference: profile for profile in profiles()}


def members(cohort: str) -> list[str]:
    """References of the patients in a cohort."""
    return [reference for reference, values in derived().items() if values[cohort].value == "YES"]
