"""Bringing a file of data: templates, upload, and the files that were brought."""

from io import BytesIO

from django.core.paginator import Paginator
from django.http import FileResponse, HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from registry.actions import import_batch
from registry.dictionary.catalog import CASE_FORMS
from registry.exceptions import InvalidEntries, NotFound
from registry.forms.import_batch import UploadForm
from registry.imports.template import csv_template, write_template
from registry.models import Center, ImportBatch, User
from registry.permissions.check import user_can
from registry.permissions.verbs import Verb
from registry.policies.import_batch import MAX_BYTES
from registry.selectors import imports as selectors
from registry.selectors import scope
from registry.today import today
from registry.views.access import needs
from registry.views.actor import actor_of

PER_PAGE = 25
ALL_FORMS = "all"
_DELIMITERS = {"csv": ",", "csv-semicolon": ";"}
_XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


@require_http_methods(["GET", "HEAD", "POST"])
@needs(Verb.IMPORT)
def imports(request: HttpRequest) -> HttpResponse:
    """Templates, the upload, and every file of the person's centers; a POST brings one."""
    centers = importing_centers(request.user)
    posted = (request.POST, request.FILES) if request.method == "POST" else ()
    form = UploadForm(*posted, centers=centers)
    if form.is_valid():
        try:
            batch = _upload(request, form, centers)
        except InvalidEntries as invalid:
            form.add_refusal(invalid)
        else:
            return redirect("import_batch", batch.pk)
    elif posted and _is_too_large(request):
        form.errors.pop("file", None)
        limit = MAX_BYTES // 2**20
        form.add_error(
            "file", _("The file is larger than %(limit)s MB: split it by patients.") % {"limit": limit}
        )
    context = {
        "form": form,
        "page": Paginator(selectors.batches_of(centers), PER_PAGE).get_page(request.GET.get("page")),
        "forms": [(name, _(each.label)) for name, each in CASE_FORMS.items()],
    }
    return render(request, "registry/imports/imports.html", context, status=422 if form.errors else 200)


@require_safe
@needs(Verb.IMPORT)
def import_template(request: HttpRequest) -> HttpResponseBase:
    """A template to fill in: of one form or of all, as a workbook or as CSV."""
    name, kind = request.GET.get("form", ALL_FORMS), request.GET.get("format", "xlsx")
    forms = (
        list(CASE_FORMS.values()) if name == ALL_FORMS else [CASE_FORMS[name]] if name in CASE_FORMS else []
    )
    if not forms or (kind != "xlsx" and (kind not in _DELIMITERS or len(forms) > 1)):
        raise NotFound(_("There is no such template."))
    stream = BytesIO()
    if kind == "xlsx":
        write_template(stream, forms, today())
    else:
        stream.write(csv_template(forms[0], _DELIMITERS[kind]))
    stream.seek(0)
    suffix, media_type = ("xlsx", _XLSX) if kind == "xlsx" else ("csv", "text/csv; charset=utf-8")
    return FileResponse(stream, as_attachment=True, filename=f"{name}.{suffix}", content_type=media_type)


def importing_centers(user: User) -> list[Center]:
    """The centers a person may import at."""
    return [center for center in scope.centers(user) if user_can(user, Verb.IMPORT, center)]


def _upload(request: HttpRequest, form: UploadForm, centers: list[Center]) -> ImportBatch:
    center = next(each for each in centers if str(each.pk) == form.cleaned_data["center"])
    file = form.cleaned_data["file"]
    return import_batch.upload(
        actor_of(request),
        center,
        file.name,
        file.read(),
        completing=form.cleaned_data["completing"],
    )


def _is_too_large(request: HttpRequest) -> bool:
    """Whether a file is missing because it was dropped for its size."""
    length = request.META.get("CONTENT_LENGTH") or "0"
    return "file" not in request.FILES and length.isdigit() and int(length) > MAX_BYTES
