"""A center's own data as a file, at any time, for the people of the center."""

import tempfile
from contextlib import ExitStack

from django.http import FileResponse, HttpRequest, HttpResponseBase
from django.shortcuts import render
from django.views.decorators.http import require_http_methods

from registry.actions import export
from registry.exports.center import FORMATS, write_center
from registry.models import Center
from registry.permissions.check import user_can
from registry.permissions.verbs import Verb
from registry.selectors import scope
from registry.terminology.text import gettext_noop as _
from registry.today import today
from registry.views.access import needs
from registry.views.actor import actor_of

FORMAT_LABELS = {
    "xlsx": (_("Excel workbook (XLSX)"), _("One sheet per form, and the codebook.")),
    "csv": (_("CSV, comma"), _("One file per form in a ZIP archive; decimal point.")),
    "csv-semicolon": (_("CSV, semicolon"), _("The same with a decimal comma, as Excel reads it in Italy.")),
}
# Up to here a file is kept in memory, beyond it on disk.
IN_MEMORY = 5_000_000


@require_http_methods(["GET", "HEAD", "POST"])
@needs(Verb.EXPORT_CASES)
def my_data(request: HttpRequest) -> HttpResponseBase:
    """What to take; a POST answers with the file."""
    centers = [c for c in scope.centers(request.user) if user_can(request.user, Verb.EXPORT_CASES, c)]
    if request.method == "POST":
        return _file(request, centers)
    return _page(request, centers)


def _page(request: HttpRequest, centers: list[Center], *, is_refused: bool = False) -> HttpResponseBase:
    context = {
        "centers": centers,
        "formats": [(name, label, text) for name, (label, text) in FORMAT_LABELS.items()],
        "is_refused": is_refused,
    }
    return render(request, "registry/my_data/my_data.html", context, status=422 if is_refused else 200)


def _file(request: HttpRequest, centers: list[Center]) -> HttpResponseBase:
    center = next((c for c in centers if str(c.pk) == request.POST.get("center")), None)
    begin = FORMATS.get(request.POST.get("format", ""))
    if center is None or begin is None:
        return _page(request, centers, is_refused=True)
    labels = request.POST.get("labels") == "yes"
    with ExitStack() as unless_done:
        stream = unless_done.enter_context(tempfile.SpooledTemporaryFile(IN_MEMORY))
        file = begin(stream, today())
        patients = write_center(request.user, center, file, labels=labels)
        content = {"format": request.POST["format"], "labels": labels, "patients": patients}
        export.note(actor_of(request), center, content)
        unless_done.pop_all()
    stream.seek(0)
    name = f"{center}-{today().isoformat()}.{file.suffix}"
    return FileResponse(stream, as_attachment=True, filename=name, content_type=file.media_type)
