"""Pages of batches: the list, the reasons why one is held, and the decision about it."""

from typing import Any

from django.contrib import messages
from django.db.models import Count, QuerySet
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext
from django.views.decorators.http import require_GET, require_POST

from customers.batches.filters import BatchFilter, WaitingFilter
from customers.batches.forms import ReasonForm
from customers.batches.models import BatchBody, IngestBatch
from customers.batches.rules import WAITING_ROWS
from customers.batches.services.lifecycle import discard, release
from customers.batches.services.removal import take_back_batch
from customers.batches.tables import TONES, BatchTable, WaitingGroupTable, WaitingTable
from customers.imports.rules.choices import fields_of
from customers.imports.services.quarantine import format_quarantined_row
from customers.imports.text import code_title, field_label, resource_label
from customers.ingest.models import QuarantinedRow
from customers.ingest.resources import resource_named
from retention.core import clock
from retention.core.accounts.permissions import StaffRequest, require
from retention.core.alerts.models import Alert
from retention.core.alerts.queries import cards
from retention.core.alerts.services.handling import SNOOZE_DAYS
from retention.core.errors import Conflict, Invalid
from retention.core.ui import formats
from retention.core.ui.listing import ListPage

DECISIONS = {"release": release, "discard": discard}
MAX_ERRORS_SHOWN = 200
MAX_GROUPS_SHOWN = 50


class BatchList(ListPage):
    name = "batches"
    permission = "jobs.view"
    template_name = "customers/batches/list.html"
    table_class = BatchTable
    filterset_class = BatchFilter

    def get_queryset(self) -> QuerySet[IngestBatch]:
        return IngestBatch.objects.for_list()

    def get_context_data(self) -> dict[str, Any]:
        return super().get_context_data() | {"waiting": QuarantinedRow.objects.waiting().count()}


class WaitingList(ListPage):
    """What rows wait for, of all sources: keys only, the rows themselves are on the pages of their batches."""

    name = "waiting-rows"
    permission = "jobs.view"
    template_name = "customers/batches/waiting.html"
    parent = ("batches:list", gettext_lazy("Billing batches"))
    table_class = WaitingTable
    filterset_class = WaitingFilter

    def get_queryset(self) -> QuerySet[QuarantinedRow, dict]:
        return QuarantinedRow.objects.in_groups()

    def get_context_data(self) -> dict[str, Any]:
        alarms = cards(Alert.objects.of_kinds([WAITING_ROWS.code]), now=clock.now())
        return super().get_context_data() | {"alarms": alarms, "snooze_days": SNOOZE_DAYS}


@require("jobs.view")
@require_GET
def batch_page(request: StaffRequest, number: str) -> HttpResponse:
    """The rows may hold numbers and names of any branch: they are shown only to users who may release the batch."""
    batch = get_object_or_404(IngestBatch.objects.select_related("client"), number=number)
    may_settle = request.user.may("jobs.run")
    waiting = list(batch.open_rows().in_groups()[:MAX_GROUPS_SHOWN])
    has_body = BatchBody.objects.filter(batch=batch).exists()
    context = {
        "batch": batch,
        "may_take_back": request.user.may("facts.take_back") and batch.state == IngestBatch.State.LOADED and has_body,
        "reason_form": ReasonForm(),
        "tone": TONES[IngestBatch.State(batch.state)],
        "facts": _facts(batch),
        "may_settle": may_settle
        and (batch.state == IngestBatch.State.HELD or (batch.state == IngestBatch.State.FAILED and has_body)),
        "kind": resource_label(batch.resource),
        "errors": _errors(batch) if may_settle else [],
        "by_reason": _by_reason(batch),
        "waiting": WaitingGroupTable(waiting) if waiting else None,
        "shown": MAX_ERRORS_SHOWN,
    }
    return render(request, "customers/batches/detail.html", context)


@require("jobs.run")
@require_POST
def settle(request: StaffRequest, number: str) -> HttpResponse:
    batch = get_object_or_404(IngestBatch, number=number)
    decide = DECISIONS.get(request.POST.get("decision", ""))
    if decide is None:
        raise Invalid(_("Say whether to release or to discard the batch."), code="bad_decision")
    decide(batch=batch, now=clock.now(), actor=request.user)
    return redirect("batches:batch", number=batch.number)


@require("facts.take_back")
@require_POST
def take_back(request: StaffRequest, number: str) -> HttpResponse:
    """Take the batch back; what stands in the way is said on its page."""
    batch = get_object_or_404(IngestBatch, number=number)
    form = ReasonForm(request.POST)
    if not form.is_valid():
        raise Invalid(_("Say why the batch is taken back."), code="reason_missing", details=[{"field": "reason"}])
    try:
        take_back_batch(batch=batch, reason=form.cleaned_data["reason"], now=clock.now(), actor=request.user)
    except Conflict as error:
        messages.error(request, str(error.message))
    return redirect("batches:batch", number=batch.number)


def _facts(batch: IngestBatch) -> list[tuple[str, object]]:
    return [
        (_("Client"), batch.client.name),
        (_("Kind of rows"), resource_label(batch.resource)),
        (_("Received"), formats.moment(batch.created_at)),
        (_("Finished"), formats.moment(batch.finished_at)),
        (_("Rows"), formats.number(batch.received)),
        (_("Applied"), formats.number(batch.applied)),
        (_("Unchanged"), formats.number(batch.unchanged)),
        (_("Waiting for others"), formats.number(batch.waiting)),
        (_("Rejected"), formats.number(batch.rejected)),
        *_taken_back(batch),
    ]


def _taken_back(batch: IngestBatch) -> list[tuple[str, object]]:
    if batch.taken_back_at is None:
        return []
    counts = batch.taken_back or {}
    return [
        (pgettext("batch", "Taken back"), formats.moment(batch.taken_back_at)),
        (_("Reason"), batch.taken_back_because),
        (_("Rows removed"), formats.number(counts.get("removed"))),
        (_("Rows put back"), formats.number(counts.get("restored"))),
        (_("Rows that stay"), formats.number(counts.get("kept"))),
    ]


def _by_reason(batch: IngestBatch) -> list[dict]:
    """[{"field", "reason", "rows"}], the most frequent first."""
    counted = batch.settled_rows().values("field", "code").annotate(rows=Count("pk"))
    return [
        {"field": _field(batch, one["field"]), "reason": code_title(one["code"]), "rows": one["rows"]}
        for one in counted.order_by("-rows", "field")[:20]
    ]


def _errors(batch: IngestBatch) -> list[dict]:
    """[{"row_no", "field", "message"}], in the reader's language."""
    return [
        {"row_no": row.row_no, "field": _field(batch, row.field), "message": format_quarantined_row(row)}
        for row in batch.settled_rows().order_by("pk")[:MAX_ERRORS_SHOWN]
    ]


def _field(batch: IngestBatch, name: str) -> str:
    known = fields_of(resource_named(batch.resource)).get(name)
    return field_label(known) if known else name
