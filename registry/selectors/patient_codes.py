"""Patient codes: a center's own series, in which no number is given out twice."""

from django.db.models import Max

from registry.models import Case, Center, ImportBatch


def code_of(center: Center, number: int) -> str:
    """The code of a center's patient number `number`."""
    return f"{center}-{number:04d}"


def last_number(center: Center) -> int:
    """Number of the newest code of a center, be it that of an import that was undone; 0 before the first."""
    cases = Case.objects.filter(center=center).scoped().order_by("-patient_code")
    newest = cases.values_list("patient_code", flat=True).first()
    undone = ImportBatch.objects.filter(center=center).aggregate(number=Max("last_number"))["number"]
    return max(int(newest.rsplit("-", 1)[1]) if newest else 0, undone or 0)
