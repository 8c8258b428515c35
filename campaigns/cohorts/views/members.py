"""The members behind a figure, giving them to an owner, and the members that one owns."""

from datetime import date
from functools import cached_property
from typing import Any

from django.contrib import messages
from django.db.models import Exists, OuterRef, Q, QuerySet
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext
from django.views.decorators.http import require_POST, require_safe

from campaigns.cohorts.forms import GiveForm, MemberFilter, OwnFilter
from campaigns.cohorts.models import CohortCount, CohortMonth
from campaigns.cohorts.queries import GROUPS, members_at, with_state
from campaigns.cohorts.services.allotment import give_members
from campaigns.cohorts.tables import HandoverTable, MemberMonthTable, MemberTable, OwnMemberTable, members_url
from customers.cohorts.models import Cohort, CohortMember
from customers.facts.models import Subscriber
from customers.fields.choices import HIGH_TIERS, ValueBand
from retention.core import clock
from retention.core.accounts.models import Branch, User
from retention.core.accounts.permissions import StaffRequest, require
from retention.core.ui import formats
from retention.core.ui.filters import parse_numbers, parse_query
from retention.core.ui.listing import ListPage


class MemberList(ListPage):
    """Exactly the members that the figure counts which led here."""

    name = "cohort-members"
    permission = "cohorts.view"
    template_name = "campaigns/cohorts/members.html"
    title = gettext_lazy("Members of the cohort")
    table_class = MemberTable
    form_class = MemberFilter

    @cached_property
    def cohort(self) -> Cohort:
        return visible_cohort(self.user, self.kwargs["code"])

    @cached_property
    def months(self) -> list[date]:
        return CohortCount.objects.filter(cohort=self.cohort).visible_to(self.user).months()

    @cached_property
    def month(self) -> date | None:
        """The month end asked for, by default the newest; None for now, and before the first was measured."""
        asked = self.cleaned.get("month")
        if asked == "now":
            return None
        return next((day for day in self.months if str(day) == asked), self.months[-1] if self.months else None)

    def get_form_kwargs(self) -> dict[str, Any]:
        now = CohortMember.objects.filter(cohort=self.cohort).visible_to(self.user).order_by()
        then = CohortCount.objects.filter(cohort=self.cohort).visible_to(self.user)
        people = User.objects.filter(Q(pk__in=now.values("owner")) | Q(pk__in=then.values("owner"))).order_by(
            "username"
        )
        owners = [(one.username, one.display_name) for one in people]
        return {"user": self.user, "months": self.months[::-1], "owners": owners}

    def get_table_kwargs(self) -> dict[str, Any]:
        return {"code": self.cohort.code if self.user.may(Cohort.edit_permission) else ""}

    def get_queryset(self) -> QuerySet[CohortMember]:
        members, asked = CohortMember.objects.filter(cohort=self.cohort).visible_to(self.user), self.cleaned
        if branch := asked.get("branch"):
            below = Branch.objects.under(branch).values("pk")
            members = members.filter(branch=branch) if asked.get("here") else members.filter(branch__in=below)
        if band := asked.get("band"):
            members = members.filter(value_band=band)
        state, owner = asked.get("state", ""), asked.get("owner", "")
        found = members_at(members.for_list(), cohort=self.cohort.pk, on=self.month, state=state, owner=owner)
        return with_state(found, on=self.month)

    def get_context_data(self) -> dict[str, Any]:
        return super().get_context_data() | {"cohort": self.cohort, "month": self.month}


@require_safe
@require(Cohort.view_permission)
def member_page(request: StaffRequest, code: str, pk: int) -> HttpResponse:
    """Who answered for a member when, and what has become of it at each month end."""
    cohort = visible_cohort(request.user, code)
    seen = cohort.lines.visible_to(request.user).select_related("subscriber", "customer", "branch", "owner")
    member = get_object_or_404(seen, pk=pk)
    months = CohortMonth.objects.filter(member=member, cohort=cohort).order_by("-month")
    handovers = member.handovers.select_related("owner", "by").order_by("-at", "-pk")
    context = {
        "cohort": cohort, "member": member, "months": MemberMonthTable(months), "handovers": HandoverTable(handovers),
        "band": ValueBand(member.value_band).label,
    }  # fmt: skip
    return render(request, "campaigns/cohorts/member.html", context)


@require_POST
@require(Cohort.edit_permission)
def give(request: StaffRequest, code: str) -> HttpResponse:
    """Ask for the owner of ticked members, or of all that match the list's filters, then give them. All of a list
    travels as `all` and its query."""
    cohort = visible_cohort(request.user, code)
    every, query = request.POST.get("all", ""), request.POST.get("query", "")
    ticked = parse_numbers(request.POST.getlist("row"))
    chosen: QuerySet[CohortMember] = CohortMember.objects.visible_to(request.user).filter(cohort=cohort, pk__in=ticked)
    if every:
        chosen = MemberList.of_query(user=request.user, query=parse_query(query).urlencode(), code=code).get_queryset()
    back = f"{members_url(code)}?{query}" if query else members_url(code)
    form = GiveForm(request.POST if "confirmed" in request.POST else None, user=request.user)
    if form.is_valid():
        given = give_members(
            actor=request.user, code=code, members=chosen, owner=form.cleaned_data["owner"], now=clock.now()
        )
        text = ngettext("%(count)s member has changed hands.", "%(count)s members have changed hands.", given)
        messages.success(request, text % {"count": formats.number(given)})
        return redirect(back)
    count = chosen.count()
    if not count:
        messages.warning(request, _("No members are selected."))
        return redirect(back)
    context = {
        "form": form, "cohort": cohort, "count": count, "all": every, "query": query, "back": back,
        "ticked": [] if every else ticked,
    }  # fmt: skip
    return render(request, "campaigns/cohorts/give.html", context, status=422 if form.is_bound else 200)


class OwnMembers(ListPage):
    """Of the running cohorts, what an agent owns, or what the groups own that a supervisor runs."""

    name = "cohort-members-own"
    permission = "cohorts.own"
    table_class = OwnMemberTable
    form_class = OwnFilter
    subtitle = gettext_lazy("You answer for keeping these customers. The page of a customer opens with an order on it.")

    def get_form_kwargs(self) -> dict[str, Any]:
        return {"user": self.user}

    def get_queryset(self) -> QuerySet[CohortMember]:
        asked = self.cleaned
        members = CohortMember.objects.filter(cohort__in=Cohort.objects.running()).visible_to(self.user)
        if cohort := asked.get("cohort"):
            members = members.filter(cohort=cohort)
        if asked.get("at_risk"):
            members = members.filter(subscriber__profile__risk_tier__in=HIGH_TIERS)
        known = with_state(members.for_list())
        if state := asked.get("state"):
            known = known.filter(state__in=GROUPS.get(state, (state,)))
        seen = Subscriber.objects.visible_to(self.user).filter(pk=OuterRef("subscriber"))
        return known.annotate(is_open=Exists(seen))


def visible_cohort(user: User, code: str) -> Cohort:
    """404 for one that the person does not see, and for a draft, which has no members."""
    row = Cohort.objects.visible_to(user).filter(code=code).exclude(frozen_on=None).first()
    if row is None:
        raise Http404(code)
    return row
