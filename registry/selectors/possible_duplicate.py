"""C41: another record that looks like the same patient.

The answer is yes or no: no center is shown another's patient.
"""

from datetime import timedelta

from registry.derivations.index_start import index_start
from registry.dictionary.facts import Facts
from registry.dictionary.values import PartialDate, Value
from registry.models import Case

WINDOW = timedelta(days=7)
TWIN_CHECK = "C41"
# Where the check stands, and the forms whose answers it compares.
TWIN_FORMS = frozenset({"enrolment", "demographics", "diagnosis", "isapd_treatment"})


def has_twin(case: Case | None, facts: Facts) -> bool:
    """Whether another record of any center has the same sex, birth month, diagnosis month and a near start.

    Parameters
    ----------
    case : left out of the comparison; None for one that is not stored yet.
    """
    start = index_start(facts)
    person, disease = facts.one("demographics"), facts.one("diagnosis")
    sex, born = person.known("sex"), _month(person.known("birth_date"))
    diagnosed = _month(disease.known("dx_date"))
    if start is None or not (sex and born and diagnosed):
        return False
    others = Case.objects.scoped().filter(
        derived__start_date__range=(start - WINDOW, start + WINDOW),
        demographics_rows__sex=sex,
        demographics_rows__birth_date__startswith=born,
        diagnosis_rows__dx_date__startswith=diagnosed,
    )
    return others.exclude(pk=case.pk if case else None).exists()


def _month(value: Value) -> str:
    """Year and month of a date that tells them; "" otherwise."""
    text = value.text if isinstance(value, PartialDate) else ""
    return text[:7] if len(text) >= 7 else ""
