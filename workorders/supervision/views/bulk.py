"""What is done with many orders: the preview, the action, and the page of one that runs in the background."""

from functools import cached_property
from typing import Any

from django.contrib import messages
from django.db.models import Count, Q, QuerySet
from django.http import Http404, HttpResponse, QueryDict
from django.http.response import HttpResponseBase
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.html import format_html
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext
from django.views.decorators.http import require_POST

from retention.core import clock
from retention.core.accounts.permissions import StaffRequest, require
from retention.core.errors import Conflict, Invalid
from retention.core.jobs.models import Job
from retention.core.jobs.views import SEEN_HEADER
from retention.core.managed.views.editing import attach_errors
from retention.core.ui.listing import ListPage
from retention.core.ui.references import references, sentence
from workorders.orders.models import WorkOrder, WorkOrderQuerySet
from workorders.supervision.actions import Action
from workorders.supervision.forms import CancelForm, DeferForm, GiveForm, PriorityForm, TakeBackForm
from workorders.supervision.judging import preview
from workorders.supervision.models import BulkItem, BulkRun
from workorders.supervision.services import BulkResult, running
from workorders.supervision.services.performing import perform
from workorders.supervision.tables import RefusedTable, RunTable
from workorders.supervision.views.board import Supervise

# More orders than this are done in the background; more than MAX_RUN not at all.
INLINE_ORDERS = 500
MAX_RUN = 50_000
TITLES = {
    Action.GIVE: gettext_lazy("Assign orders"),
    Action.TAKE_BACK: gettext_lazy("Take orders back"),
    Action.DEFER: gettext_lazy("Defer orders"),
    Action.PRIORITY: gettext_lazy("Change the priority of orders"),
    Action.CANCEL: gettext_lazy("Cancel orders"),
}
FORMS: dict[Action, Any] = {
    Action.GIVE: GiveForm, Action.TAKE_BACK: TakeBackForm, Action.DEFER: DeferForm, Action.PRIORITY: PriorityForm,
    Action.CANCEL: CancelForm,
}  # fmt: skip


@require("work.supervise")
@require_POST
def bulk(request: StaffRequest) -> HttpResponse:
    """First what the action needs and what it would do; with `confirmed` the action, with `preview` what it would do
    with what was typed."""
    if request.POST.get("action", "") not in Action.values:
        return redirect("workorders:supervise")
    action, orders = Action(request.POST["action"]), _selected(request)
    count = orders.count()
    if not count:
        messages.warning(request, _("No orders are selected."))
        return _back(request)
    if count > MAX_RUN:
        messages.warning(request, _("At most %(count)d orders at once.") % {"count": MAX_RUN})
        return _back(request)
    asked = bool(request.POST.get("confirmed"))
    form = _form(request, action, asked=asked)
    at_once = not form.fields and count <= INLINE_ORDERS
    if (asked or at_once) and "preview" not in request.POST and (at_once or form.is_valid()):
        try:
            return _do(request, action, orders, form, count)
        except Invalid as problem:
            attach_errors(form, problem)
    status = 422 if asked and not form.is_valid() else 200
    return _ask(request, action, orders, form, count, status)


def _form(request: StaffRequest, action: Action, *, asked: bool) -> Any:
    more = {"user": request.user} if action == Action.GIVE else {}
    return FORMS[action](request.POST if asked or not FORMS[action].base_fields else None, **more)


def _ask(
    request: StaffRequest, action: Action, orders: WorkOrderQuerySet, form: Any, count: int, status: int
) -> HttpResponse:
    given = form.given if form.is_bound and form.is_valid() else {}
    context = {
        "action": action,
        "title": TITLES[action],
        "form": form,
        "count": count,
        "in_background": count > INLINE_ORDERS,
        "preview": preview(orders, action=action, given=given, actor=request.user),
        "ticked": request.POST.getlist("row"),
        "all": request.POST.get("all", ""),
        "query": request.POST.get("query", ""),
        "back": _back_url(request),
    }
    return render(request, "workorders/supervision/bulk.html", context, status=status)


def _do(request: StaffRequest, action: Action, orders: WorkOrderQuerySet, form: Any, count: int) -> HttpResponse:
    form.is_valid()
    who, now = request.user, clock.now()
    if count > INLINE_ORDERS:
        run = running.start_run(actor=who, action=action, given=form.given, orders=orders, now=now)
        return redirect("workorders:bulk-run", run.pk)
    numbers = request.POST.getlist("row")
    if request.POST.get("all"):
        numbers = list(orders.in_claim_order().values_list("order_no", flat=True))
    _report_result(request, perform(action=action, order_nos=numbers, given=form.given, actor=who, now=now))
    return _back(request)


def _selected(request: StaffRequest) -> Any:
    """The ticked rows, or all that match the filters (`all` and `query`)."""
    if request.POST.get("all"):
        return Supervise.of_query(user=request.user, query=request.POST.get("query", "")).get_rows()
    return WorkOrder.objects.filter(order_no__in=request.POST.getlist("row"))


def _report_result(request: StaffRequest, done: BulkResult) -> None:
    if done.moved:
        said = ngettext("%(count)d order moved.", "%(count)d orders moved.", done.moved)
        messages.success(request, said % {"count": done.moved})
    if done.skipped:
        said = ngettext(
            "%(count)d order could not be moved: closed, or moved by somebody just now (%(which)s).",
            "%(count)d orders could not be moved: closed, or moved by somebody just now (%(which)s).",
            len(done.skipped),
        )
        which = references("workorder", request.user, done.skipped[:5])
        more = "…" if len(done.skipped) > 5 else ""
        messages.warning(request, sentence(said, count=len(done.skipped), which=format_html("{}{}", which, more)))


def _back_url(request: StaffRequest) -> str:
    """The list as it was; an order's own page when the action was taken there."""
    query = QueryDict(request.POST.get("query", "")).urlencode()
    return reverse("workorders:supervise") + (f"?{query}" if query else "")


def _back(request: StaffRequest) -> HttpResponse:
    return redirect(_back_url(request))


class RunList(ListPage):
    name = "bulk-runs"
    permission = "work.supervise"
    table_class = RunTable
    parent = ("workorders:supervise", gettext_lazy("Supervise"))

    def get_queryset(self) -> "QuerySet[BulkRun]":
        counts = {
            "total": Count("items"),
            "done": Count("items", filter=Q(items__is_done=True)),
            "refused": Count("items", filter=~Q(items__refusal="")),
        }
        return BulkRun.objects.visible_to(self.user).annotate(**counts)


class RunPage(ListPage):
    """How far it is, and the orders that it left as they are; the page follows it while it runs."""

    name = "bulk-run"
    permission = "work.supervise"
    template_name = "workorders/supervision/bulk_run.html"
    table_class = RefusedTable
    parent = ("workorders:bulk-runs", gettext_lazy("Bulk actions"))

    @cached_property
    def run(self) -> BulkRun:
        found = BulkRun.objects.visible_to(self.user).filter(pk=self.kwargs["pk"]).first()
        if found is None:
            raise Http404
        return found

    @cached_property
    def counts(self) -> dict[str, int]:
        return self.run.items.aggregate(
            total=Count("pk"), done=Count("pk", filter=Q(is_done=True)), refused=Count("pk", filter=~Q(refusal=""))
        )

    @property
    def title(self) -> Any:
        return TITLES[Action(self.run.action)]

    @property
    def is_running(self) -> bool:
        return self.run.job.state in (Job.State.QUEUED, Job.State.RUNNING)

    @property
    def version(self) -> str:
        """What the page shows of it; "" once it has ended."""
        if not self.is_running:
            return ""
        return f"{self.run.job.state}-{self.counts['done']}-{self.counts['refused']}-{self.run.stop_asked}"

    def get_queryset(self) -> "QuerySet[BulkItem]":
        return self.run.items.exclude(refusal="").select_related("order__type")

    def render_page(self) -> HttpResponseBase:
        seen = self.request.headers.get(SEEN_HEADER)
        return HttpResponse(status=204) if seen and seen == self.version else super().render_page()

    def get_context_data(self) -> dict[str, Any]:
        counts = self.counts
        over = counts["done"] + counts["refused"]
        return super().get_context_data() | {
            "run": self.run,
            "job": self.run.job,
            "counts": counts,
            "over": over,
            "left": counts["total"] - over,
            "is_running": self.is_running,
            "version": self.version,
        }


@require("work.supervise")
@require_POST
def stop(request: StaffRequest, pk: int) -> HttpResponse:
    run = BulkRun.objects.visible_to(request.user).filter(pk=pk).first()
    if run is None:
        raise Http404
    try:
        running.stop_run(run=run, actor=request.user, now=clock.now())
        messages.success(request, _("No further order is begun. What is done stays done."))
    except Conflict as problem:
        messages.warning(request, problem.message)
    return redirect("workorders:bulk-run", pk)
