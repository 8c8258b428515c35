"""Group churn and second SIMs: which groups may leave together, their members, and lines that are half gone."""

from typing import Any

from django.db.models import Q, QuerySet
from django.http import Http404, HttpRequest, HttpResponseBase
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext
from django.views.decorators.http import require_GET

from analytics.groups.forms import GroupFilter, SpendFilter
from analytics.groups.models import GroupNight, GroupRisk
from analytics.groups.tables import LEFT_WITHIN, LEVEL_TONES, GroupTable, MemberTable, SecondSimTable, signs_of
from analytics.navigation.tabs import churn_tabs
from customers.facts.models import CustomerGroup, Subscriber
from customers.profile.models import SubscriberProfile
from retention.core import clock
from retention.core.accounts.models import User
from retention.core.accounts.permissions import require
from retention.core.audit import services as audit
from retention.core.ui.tables.base import BaseTable
from retention.core.ui.tables.exports import export_response, wants_export

LIST_LIMIT = 2_000


@require("churn.view")
@require_GET
def groups_at_risk(request: HttpRequest) -> HttpResponseBase:
    """Groups at a level, most revenue at risk first; every count is of the members that the reader may see."""
    form = GroupFilter(request.GET)
    found = form.apply(GroupRisk.objects.visible_to(request.user).for_page())
    return _listed(request, GroupTable(found, request=request), "analytics/groups/list.html", form=form)


@require("churn.view")
@require_GET
def group_page(request: HttpRequest, group_no: str) -> HttpResponseBase:
    """The members that the reader may see, those gone within 90 days among them; 404 where there is none."""
    group, members = visible_group(request.user, group_no)
    risk = GroupRisk.objects.visible_to(request.user).for_page().filter(group=group).first()
    more = {
        "group": group,
        "risk": risk,
        "signs": signs_of(risk) if risk else [],
        "level_badge": (risk.get_level_display(), *LEVEL_TONES[risk.level]) if risk else None,
        "nights": [
            (night, night.get_level_display(), *LEVEL_TONES[night.level])
            for night in GroupNight.objects.filter(group=group).order_by("-as_of")[:12]
        ],
    }
    orders_url = reverse("analytics:group-orders", args=[group_no])
    table = MemberTable(members, request=request, user=request.user, orders_url=orders_url)
    return _listed(request, table, "analytics/groups/detail.html", **more)


@require("churn.view")
@require_GET
def second_sims(request: HttpRequest) -> HttpResponseBase:
    """Mid- and high-value lines whose outgoing use has gone elsewhere, highest spend first."""
    form = SpendFilter(request.GET)
    lines = SubscriberProfile.objects.visible_to(request.user).for_second_sim_list(least_spend=form.least)
    orders_url = reverse("analytics:second-sim-orders")
    table = SecondSimTable(lines[:LIST_LIMIT], request=request, user=request.user, orders_url=orders_url)
    return _listed(request, table, "analytics/groups/second_sims.html", form=form)


def visible_group(user: User, group_no: str) -> tuple[CustomerGroup, QuerySet[Subscriber]]:
    """The group and its members that the person may see, those gone within 90 days too; 404 where there is none."""
    group = CustomerGroup.objects.filter(group_no=group_no).first()
    members = (
        Subscriber.objects.visible_to(user)
        .filter(Q(terminated_on=None) | Q(terminated_on__gt=clock.today() - LEFT_WITHIN), group=group)
        .select_related("account__customer", "branch", "profile")
        .order_by("-terminated_on", "-profile__risk_probability", "pk")
    )
    if group is None or not members.exists():
        raise Http404(group_no)
    return group, members


def _listed(request: HttpRequest, table: BaseTable, template: str, **more: Any) -> HttpResponseBase:
    table.exportable = request.user.may("export")
    if wants_export(request):
        audit.record(actor=request.user, action="export", target=table.region_id, query=request.GET.urlencode())
        return export_response(request, table, table.region_id)
    context = {"table": table.paged(), "tabs": churn_tabs(request), "kinds": group_tabs(request)}
    return render(request, template, context | more)


def group_tabs(request: HttpRequest) -> list[dict]:
    pages = [
        (gettext("Groups at risk"), "analytics:groups", "users-group"),
        (gettext("Second SIM suspected"), "analytics:second-sims", "device-mobile"),
    ]
    return [
        {"label": label, "url": reverse(name), "active": request.path == reverse(name), "icon": icon}
        for label, name, icon in pages
    ]
