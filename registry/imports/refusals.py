"""What is to be mended in a file, as a file of its own to work from."""

import csv
import io
from collections.abc import Iterable

from django.utils.translation import gettext as _

from registry.forms.import_rows import line_of
from registry.imports.cells import guarded
from registry.models import ImportRow


def refusals_csv(rows: Iterable[ImportRow]) -> bytes:
    """Every reason why a row is refused: where it stands, what stands there, what is wrong with it."""
    text = io.StringIO()
    writer = csv.writer(text)
    writer.writerow([_("Form"), _("Line"), _("Patient"), _("Column"), _("Value"), _("Message")])
    for line in map(line_of, rows):
        for problem in line.problems:
            cells = (line.form, str(line.row.line), line.who, problem.column, problem.value, problem.message)
            writer.writerow([guarded(cell) for cell in cells])
    return text.getvalue().encode("utf-8-sig")
