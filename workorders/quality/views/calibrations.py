"""Rounds of calibration: the list, a new one, and how far its reviewers agree."""

from typing import Any

from django.contrib import messages
from django.db.models import Count, Q, QuerySet
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from retention.core import clock
from retention.core.accounts.models import Branch, User
from retention.core.accounts.permissions import StaffRequest, require
from retention.core.accounts.roles import Role
from retention.core.errors import Invalid, NotFound
from retention.core.ui.listing import ListPage
from workorders.quality.forms import CalibrationForm
from workorders.quality.models import Calibration, Review
from workorders.quality.queries.results import agreements
from workorders.quality.services.calibrating import close_calibration, open_calibration
from workorders.quality.tables import AgreementTable, CalibrationTable


def calibrations_for(user: User) -> QuerySet[Calibration]:
    """Those of the person's branch and below, and those in which they take part."""
    rows = Calibration.objects.select_related("sheet", "opened_by")
    if user.role == Role.ADMINISTRATOR:
        return rows
    below = Branch.objects.under(user.branch).values("pk")
    own = Review.objects.filter(calibration__isnull=False, reviewer=user).values("calibration")
    return rows.filter(Q(branch__in=below) | Q(pk__in=own))


class CalibrationList(ListPage):
    name = "calibrations"
    permission = "quality.review"
    template_name = "workorders/quality/calibrations.html"
    parent = ("quality:reviews", gettext_lazy("Quality review"))
    subtitle = gettext_lazy("Several reviewers score the same calls without seeing each other's scores.")
    table_class = CalibrationTable

    def get_queryset(self) -> QuerySet[Calibration]:
        finished = Count("reviews", filter=Q(reviews__state=Review.State.FINISHED))
        return calibrations_for(self.user).annotate(scored=finished, asked=Count("reviews"))


@require("quality.review")
@require_safe
def calibration_page(request: StaffRequest, pk: int) -> HttpResponse:
    """Before it is closed everybody sees only the own part."""
    row = calibrations_for(request.user).filter(pk=pk).first()
    if row is None:
        raise NotFound(_("There is no such calibration."))
    reviews = row.reviews.select_related("order__type", "reviewer")
    people = {str(one.reviewer): one.reviewer.display_name for one in reviews if one.reviewer}
    progress = row.reviews.order_by().values("reviewer__username").annotate(
        asked=Count("pk"), scored=Count("pk", filter=Q(state=Review.State.FINISHED))
    )  # fmt: skip
    context: dict[str, Any] = {
        "row": row,
        "mine": [one for one in reviews if one.reviewer_id == request.user.pk],
        "progress": [
            (people.get(one["reviewer__username"], one["reviewer__username"]), one["scored"], one["asked"])
            for one in progress
        ],
        "agreement": AgreementTable(agreements(row), names=people) if row.closed_at else None,
        "may_close": row.closed_at is None and row.opened_by_id == request.user.pk,
    }
    return render(request, "workorders/quality/calibration.html", context)


@require("quality.review")
@require_http_methods(["GET", "HEAD", "POST"])
def new_calibration(request: StaffRequest) -> HttpResponse:
    form = CalibrationForm(request.POST or None, user=request.user)
    status = 200
    if request.method == "POST":
        status = 422
        if form.is_valid():
            try:
                row = open_calibration(actor=request.user, now=clock.now(), **form.cleaned_data)
                return redirect("quality:calibration", row.pk)
            except Invalid as error:
                for one in error.details:
                    form.add_error(one["field"], one["message"])
    return render(request, "workorders/quality/new_calibration.html", {"form": form}, status=status)


@require("quality.review")
@require_POST
def close(request: StaffRequest, pk: int) -> HttpResponse:
    close_calibration(pk=pk, actor=request.user, now=clock.now())
    messages.success(request, _("The calibration is closed; its reviewers see the result."))
    return redirect("quality:calibration", pk)
