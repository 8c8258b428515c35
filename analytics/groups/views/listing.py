"""Group churn and second SIMs: which groups may leave together, their members, and lines used as a second SIM."""

from functools import cached_property
from typing import Any

from django.db.models import Q, QuerySet
from django.http import Http404, HttpRequest
from django.urls import reverse
from django.utils.translation import gettext, gettext_lazy

from analytics.groups.filters import GroupFilter
from analytics.groups.forms import SpendFilter
from analytics.groups.models import GroupNight, GroupRisk
from analytics.groups.tables import (
    LEFT_WITHIN,
    LEVEL_TONES,
    GroupTable,
    LevelTable,
    MemberTable,
    SecondSimTable,
    signs_of,
)
from analytics.navigation.views import ChurnList
from customers.facts.models import CustomerGroup, Subscriber
from customers.profile.models import SubscriberProfile
from retention.core import clock
from retention.core.accounts.models import User

LIST_LIMIT = 2_000
NIGHTS_SHOWN = 12


class GroupPage(ChurnList):
    """Base of the lists of this feature."""

    def get_context_data(self) -> dict[str, Any]:
        return super().get_context_data() | {"subtabs": group_tabs(self.request)}


class GroupsAtRisk(GroupPage):
    """Groups at a level, most revenue at risk first; every count is of the members that the reader may see."""

    name = "groups"
    template_name = "analytics/groups/list.html"
    subtitle = gettext_lazy("Families and enterprise groups that may leave together, in the order of revenue at risk.")
    table_class = GroupTable
    filterset_class = GroupFilter

    def get_queryset(self) -> QuerySet[GroupRisk]:
        return GroupRisk.objects.visible_to(self.user).for_page()


class GroupMembers(GroupPage):
    """The members that the reader may see, those gone within 90 days among them; 404 where there is none."""

    name = "members"
    template_name = "analytics/groups/detail.html"
    parent = ("analytics:groups", gettext_lazy("Groups at risk"))
    table_class = MemberTable

    @cached_property
    def group_and_members(self) -> tuple[CustomerGroup, QuerySet[Subscriber]]:
        return visible_group(self.user, self.kwargs["group_no"])

    def get_queryset(self) -> QuerySet[Subscriber]:
        return self.group_and_members[1]

    def get_table_kwargs(self) -> dict[str, Any]:
        return {"user": self.user, "orders_url": reverse("analytics:group-orders", args=[self.kwargs["group_no"]])}

    def get_context_data(self) -> dict[str, Any]:
        group = self.group_and_members[0]
        risk = GroupRisk.objects.visible_to(self.user).for_page().filter(group=group).first()
        nights = GroupNight.objects.filter(group=group).order_by("-as_of")[:NIGHTS_SHOWN]
        return super().get_context_data() | {
            "group": group,
            "risk": risk,
            "signs": signs_of(risk) if risk else [],
            "level_badge": (risk.get_level_display(), *LEVEL_TONES[risk.level]) if risk else None,
            "nights": LevelTable(nights) if nights else None,
        }


class SecondSims(GroupPage):
    """Mid- and high-value lines whose outgoing use has gone elsewhere, highest spend first."""

    name = "second-sim"
    subtitle = gettext_lazy(
        "Outgoing calls have fallen far more than incoming ones against the line's own habit: "
        "another SIM may be in use."
    )
    table_class = SecondSimTable
    form_class = SpendFilter
    form: SpendFilter

    def get_queryset(self) -> QuerySet[SubscriberProfile]:
        lines = SubscriberProfile.objects.visible_to(self.user)
        return lines.for_second_sim_list(least_spend=self.form.least)[:LIST_LIMIT]

    def get_table_kwargs(self) -> dict[str, Any]:
        return {"user": self.user, "orders_url": reverse("analytics:second-sim-orders")}


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


def group_tabs(request: HttpRequest) -> list[dict]:
    pages = [
        (gettext("Groups at risk"), "analytics:groups", "users-group"),
        (gettext("Second SIM suspected"), "analytics:second-sims", "device-mobile"),
        (gettext("Circles"), "analytics:circles", "home"),
    ]
    return [
        {"label": label, "url": reverse(name), "active": request.path == reverse(name), "icon": icon}
        for label, name, icon in pages
    ]
