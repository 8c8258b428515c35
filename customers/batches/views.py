"""Pages of batches: the list, the reasons why one is held, and the decision about it."""

from functools import cached_property
from typing import Any

from django.contrib import messages
from django.db.models import Count, QuerySet
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext
from django.views.decorators.http import require_POST

from customers.batches.filters import BatchFilter, WaitingFilter
from customers.batches.forms import ReasonForm
from customers.batches.models import BatchBody, IngestBatch
from customers.batches.rules import WAITING_ROWS
from customers.batches.services.lifecycle import discard, release
from customers.batches.services.removal import take_back_batch
from customers.batches.tables import TONES, BatchRowTable, BatchTable, ReasonTable, WaitingGroupTable, WaitingTable
from customers.imports.filters import BadRowFilter
from customers.imports.text import field_title, resource_label
from customers.ingest.models import QuarantinedRow, QuarantinedRowQuerySet
from retention.core import clock
from retention.core.accounts.permissions import StaffRequest, require
from retention.core.alerts.models import Alert
from retention.core.alerts.queries import cards
from retention.core.alerts.services.handling import SNOOZE_DAYS
from retention.core.errors import Conflict, Invalid
from retention.core.ui import formats
from retention.core.ui.listing import ListPage
from retention.core.ui.tables.base import BaseTable

DECISIONS = {"release": release, "discard": discard}
MAX_REASONS_SHOWN = 20
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


class BatchPage(ListPage):
    """A batch with its rejected rows. They may hold numbers and names of any branch: they are listed and exported only
    for users who may release the batch."""

    name = "batch-rows"
    permission = "jobs.view"
    template_name = "customers/batches/detail.html"
    table_class = BatchRowTable
    filterset_class = BadRowFilter

    @cached_property
    def batch(self) -> IngestBatch:
        return get_object_or_404(IngestBatch.objects.select_related("client"), number=self.kwargs["number"])

    @property
    def sees_rows(self) -> bool:
        return self.user.may("jobs.run")

    def get_queryset(self) -> QuarantinedRowQuerySet:
        rows = self.batch.settled_rows().order_by("row_no", "pk")
        return rows if self.sees_rows else rows.none()

    def get_form_kwargs(self) -> dict[str, Any]:
        return {"resource": self.batch.resource}

    def prepare(self, table: BaseTable) -> BaseTable:
        table.exportable = self.sees_rows
        return super().prepare(table)

    def get_context_data(self) -> dict[str, Any]:
        batch, has_body = self.batch, BatchBody.objects.filter(batch=self.batch).exists()
        waiting = list(batch.open_rows().in_groups()[:MAX_GROUPS_SHOWN])
        reasons = _reasons(batch)
        return super().get_context_data() | {
            "batch": batch,
            "may_take_back": self.user.may("facts.take_back") and batch.state == IngestBatch.State.LOADED and has_body,
            "reason_form": ReasonForm(),
            "tone": TONES[IngestBatch.State(batch.state)],
            "facts": _facts(batch),
            "may_settle": self.sees_rows
            and (batch.state == IngestBatch.State.HELD or (batch.state == IngestBatch.State.FAILED and has_body)),
            "kind": resource_label(batch.resource),
            "shows_rows": self.sees_rows and bool(reasons),
            "reasons": ReasonTable(reasons, with_links=self.sees_rows) if reasons else None,
            "waiting": WaitingGroupTable(waiting) if waiting else None,
        }


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


def _reasons(batch: IngestBatch) -> list[dict]:
    """[{"field", "field_title", "code", "rows"}], the most frequent first."""
    counted = batch.settled_rows().values("field", "code").annotate(rows=Count("pk"))
    return [
        one | {"field_title": field_title(batch.resource, one["field"])}
        for one in counted.order_by("-rows", "field")[:MAX_REASONS_SHOWN]
    ]
