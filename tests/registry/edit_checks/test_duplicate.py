"""C41: the record looks like another one. Which, only `registry.selectors.possible_duplicate` knows."""

from tests.registry.derivations.build import started
from tests.registry.edit_checks.found import said, where


def test_a_twin_is_said_at_the_enrolment_without_showing_it() -> None:
    case = started(enrolment={"consent_status": "SIGNED"})
    assert where("C41", case, has_twin=True) == {"enrolment 1": "query"}
    assert said("C41", case, has_twin=True) == ["Possible duplicate (other record not shown)."]
    assert where("C41", case) == {}
