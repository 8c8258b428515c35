"""The list of campaigns, the yearly plan, and the calendar by week."""

from datetime import date
from typing import Any

from django import forms
from django.contrib import messages
from django.core.validators import MaxValueValidator, MinValueValidator
from django.db.models import Count, Q, QuerySet
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from campaigns.campaigns.forms import CampaignFilter, PlanForm
from campaigns.campaigns.models import Campaign, CampaignPlan
from campaigns.campaigns.queries.calendars import CampaignWeek, campaign_weeks
from campaigns.campaigns.queries.plans import PlanLine, plan_lines
from campaigns.campaigns.services.plans import save_plan
from campaigns.campaigns.states import MemberState, State
from campaigns.campaigns.tables import CampaignTable, PlanTable, WeekTable
from campaigns.campaigns.views.base import campaign_tabs
from retention.core import clock
from retention.core.accounts.models import Branch
from retention.core.accounts.permissions import StaffRequest, require
from retention.core.errors import Conflict
from retention.core.managed.views.editing import attach_errors
from retention.core.managed.views.listing import ManagedList
from retention.core.ui.listing import ListPage

WEEKS = 13
SEARCHED = ("code", "name", "name_zh", "goal", "lessons")


class CampaignList(ManagedList):
    """Archived ones are found by their state, and by the search, which reads their lessons too."""

    model = Campaign
    name = "campaigns"
    permission = "campaigns.view"
    subtitle = gettext_lazy("Planned, approved, run in waves against a control group, and measured.")
    table_class = CampaignTable
    form_class = CampaignFilter

    def get_form_kwargs(self) -> dict[str, Any]:
        return {"user": self.user}

    def get_queryset(self) -> QuerySet[Campaign]:
        asked = self.cleaned
        opened = Count("members", filter=Q(members__state=MemberState.OPENED))
        found = Campaign.objects.visible_to(self.user).for_list().annotate(opened=opened)
        if words := asked.get("q", "").strip():
            wanted = Q()
            for column in SEARCHED:
                wanted |= Q(**{f"{column}__icontains": words})
            found = found.filter(wanted)
        if state := asked.get("state"):
            found = found.filter(state=state)
        elif not words:
            found = found.exclude(state=State.ARCHIVED)
        if branch := asked.get("branch"):
            found = found.filter(branch__in=Branch.objects.under(branch).values("pk"))
        return found.filter(owner=self.user) if asked.get("mine") else found

    def get_context_data(self) -> dict[str, Any]:
        shared = {"tabs": campaign_tabs("campaigns", self.user), "subtabs": self.by_state()}
        return super().get_context_data() | shared

    def by_state(self) -> list[dict[str, Any]]:
        """A tab a state that campaigns are in, with how many, in the order of their life."""
        seen = Campaign.objects.visible_to(self.user).order_by()
        counts = dict(seen.values_list("state").annotate(n=Count("pk")))
        asked = self.cleaned.get("state", "")
        url = reverse("campaign:campaigns")
        under_way = sum(number for state, number in counts.items() if state != State.ARCHIVED)
        return [
            {"label": _("All but the archive"), "url": url, "active": not asked, "count": under_way},
            *(
                {"label": state.label, "url": f"{url}?state={state}", "active": state == asked, "count": counts[state]}
                for state in State
                if counts.get(state)
            ),
        ]


class PlanPage(ListPage):
    name = "campaign-plan"
    permission = "campaigns.view"
    template_name = "campaigns/campaigns/plan.html"
    table_class = PlanTable
    subtitle = gettext_lazy("What the campaigns of a branch are to reach in a quarter, and what they may cost.")

    def get_queryset(self) -> list[PlanLine]:
        return plan_lines(user=self.user)

    def get_table_kwargs(self) -> dict[str, Any]:
        return {"may_edit": self.user.may(Campaign.edit_permission)}

    def get_context_data(self) -> dict[str, Any]:
        shared = {"tabs": campaign_tabs("plan", self.user), "may_make": self.user.may(Campaign.edit_permission)}
        return super().get_context_data() | shared


class CalendarFilter(forms.Form):
    start = forms.DateField(
        label=gettext_lazy("From"), required=False, widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
        validators=[MinValueValidator(date(2000, 1, 1)), MaxValueValidator(date(2100, 12, 31))],
    )  # fmt: skip


class CalendarPage(ListPage):
    name = "campaign-calendar"
    permission = "campaigns.view"
    template_name = "campaigns/campaigns/calendar.html"
    table_class = WeekTable
    form_class = CalendarFilter
    subtitle = gettext_lazy("Contacts planned by week, and what they ask of the agents and of the customers.")

    def get_queryset(self) -> list[CampaignWeek]:
        first = self.cleaned.get("start") or clock.today()
        return campaign_weeks(user=self.user, first=first, weeks=WEEKS, now=clock.now())

    def get_context_data(self) -> dict[str, Any]:
        return super().get_context_data() | {"tabs": campaign_tabs("calendar", self.user)}


@require("campaigns.edit")
def edit_plan(request: StaffRequest, pk: int | None = None) -> HttpResponse:
    """A new row of the plan, or a change of one."""
    plan = None
    if pk is not None:
        plan = get_object_or_404(CampaignPlan.objects.visible_to(request.user), pk=pk)
    names = ("year", "quarter", "branch", "goal", "planned_kept", "budget")
    initial = {name: getattr(plan, name) for name in names} if plan else {}
    sent = request.POST if request.method == "POST" else None
    form = PlanForm(sent, user=request.user, today=clock.today(), initial=initial)
    status = 200
    if sent is not None:
        status = 422
        if form.is_valid():
            try:
                save_plan(actor=request.user, values=form.cleaned_data, plan=plan)
            except Conflict as problem:
                attach_errors(form, problem)
                status = problem.status
            else:
                messages.success(request, _("Saved."))
                return redirect(reverse("campaign:plan"))
    return render(request, "campaigns/campaigns/plan_edit.html", {"form": form, "plan": plan}, status=status)
