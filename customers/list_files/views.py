"""Loading a file into a list: the form, then what landed and which rows did not."""

from django.http import HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_http_methods

from customers.list_files.forms import ListFileForm
from customers.list_files.services import load_list
from customers.list_files.tables import RejectedTable
from customers.lists.forms import named_list
from customers.lists.tables import entries_url
from retention.core import clock
from retention.core.accounts.permissions import StaffRequest, require
from retention.core.errors import Invalid
from retention.core.managed.views.editing import attach_errors

PAGE = "customers/list_files/load.html"


@require("customers.list")
@require_http_methods(["GET", "HEAD", "POST"])
def load_page(request: StaffRequest) -> HttpResponse:
    if request.method != "POST":
        return render(request, PAGE, {"form": ListFileForm(user=request.user)})
    form = ListFileForm(request.POST, request.FILES, user=request.user)
    if not form.is_valid():
        return render(request, PAGE, {"form": form}, status=422)
    sent = form.cleaned_data
    try:
        loaded = load_list(
            actor=request.user, file=sent["file"].file, name=sent["file"].name, reason=sent["reason"], now=clock.now(),
            **named_list(sent["kind"]),
        )  # fmt: skip
    except Invalid as problem:
        attach_errors(form, problem)
        return render(request, PAGE, {"form": form}, status=problem.status)
    context = {
        "form": ListFileForm(user=request.user, initial={"kind": sent["kind"]}),
        "loaded": loaded,
        "rejected": RejectedTable(loaded.rejections) if loaded.rejections else None,
        "entries_url": entries_url(sent["kind"], source="file"),
    }
    return render(request, PAGE, context)
