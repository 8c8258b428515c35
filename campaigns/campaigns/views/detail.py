"""One campaign: how far it has come, what may be done with it, and its members."""

from typing import Any

import django_filters
from django import forms
from django.contrib import messages
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.functional import cached_property
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext_lazy
from django.views.generic import View

from campaigns.campaigns.forms import LessonsForm, NumberForm, ReasonForm
from campaigns.campaigns.models import Campaign, CampaignMember
from campaigns.campaigns.panels import render_panels
from campaigns.campaigns.queries.funnels import CampaignFunnel
from campaigns.campaigns.queries.monitoring import Monitor, Standing, by_area, monitor
from campaigns.campaigns.services.life import possible_moves
from campaigns.campaigns.services.moving import Asked, make_move
from campaigns.campaigns.states import CHANGEABLE, Arm, MemberState, Move
from campaigns.campaigns.tables import AreaTable, CampaignMemberTable, StageTable, WaveTable
from campaigns.campaigns.text import STATE_TONES, settings_of, stages_of
from campaigns.campaigns.views.base import CampaignPages, visible_campaign
from campaigns.campaigns.views.review import figures_of
from campaigns.messages.models import REASON_LABELS, REASONS
from retention.core import clock
from retention.core.accounts.forms import BranchSelect
from retention.core.accounts.models import Branch, BranchQuerySet
from retention.core.accounts.permissions import StaffRequest
from retention.core.errors import Conflict, Invalid
from retention.core.managed.views.detail import ManagedDetail
from retention.core.managed.views.editing import ManagedWrite
from retention.core.ui import formats
from retention.core.ui.charts import funnel as funnel_chart
from retention.core.ui.filters import parse_number
from retention.core.ui.listing import ListPage

# What a move is asked about before it is made; the others are made at once.
QUESTIONS: dict[Move, Any] = {
    Move.FREEZE: gettext_lazy("Freeze the audience? Who is treated and who is left alone is drawn for good."),
    Move.THAW: gettext_lazy("Give the frozen audience up? The campaign becomes a draft again."),
    Move.LAUNCH: gettext_lazy("Launch? The first wave is opened at once."),
    Move.EVALUATE: gettext_lazy("Close the measurement? The control group may be contacted again."),
}
FORMS: dict[Move, type[forms.Form]] = {
    Move.PAUSE: ReasonForm, Move.STOP: ReasonForm, Move.SUBMIT: NumberForm, Move.ARCHIVE: LessonsForm,
}  # fmt: skip


def _branches(request: StaffRequest) -> BranchQuerySet:
    return Branch.objects.visible_to(request.user)


class MemberFilter(django_filters.FilterSet):
    arm = django_filters.ChoiceFilter(
        label=gettext_lazy("Arm"), choices=Arm.choices, empty_label=pgettext_lazy("state", "Any")
    )
    state = django_filters.ChoiceFilter(
        label=gettext_lazy("State"), choices=MemberState.choices, empty_label=pgettext_lazy("state", "Any")
    )
    reason = django_filters.ChoiceFilter(
        label=gettext_lazy("Contact rule"), choices=REASONS, empty_label=pgettext_lazy("reason", "Any")
    )
    wave = django_filters.NumberFilter(label=gettext_lazy("Wave"))
    branch = django_filters.ModelChoiceFilter(
        label=gettext_lazy("Branch"), queryset=_branches, to_field_name="code", empty_label=gettext_lazy("All"),
        method="in_branch", widget=BranchSelect,
    )  # fmt: skip

    def in_branch(self, members: QuerySet, name: str, branch: Branch) -> QuerySet:
        return members.filter(branch__in=Branch.objects.under(branch).values("pk"))


class MemberList(ListPage):
    name = "campaign-members"
    permission = "campaigns.view"
    template_name = "campaigns/campaigns/members.html"
    title = gettext_lazy("Members of the campaign")
    table_class = CampaignMemberTable
    filterset_class = MemberFilter

    @cached_property
    def campaign(self) -> Campaign:
        return visible_campaign(self.user, self.kwargs["code"])

    def get_queryset(self) -> QuerySet[CampaignMember]:
        return CampaignMember.objects.filter(campaign=self.campaign).visible_to(self.user).for_list()

    def get_context_data(self) -> dict[str, Any]:
        return super().get_context_data() | {"campaign": self.campaign}

    def get_export_name(self) -> str:
        return f"campaign-{self.campaign.code}"


class CampaignPage(CampaignPages, ManagedDetail):
    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        campaign = self.object
        moves = [
            {
                "value": move.value, "label": move.label, "question": QUESTIONS.get(move, ""),
                "form": FORMS[move](prefix=move.value) if move in FORMS else None,
            }
            for move in possible_moves(campaign, self.user)
        ]  # fmt: skip
        shown = self.get_figures(campaign) if campaign.frozen_on else {}
        if not campaign.frozen_on and campaign.test:
            tested = CampaignFunnel.from_json(campaign.test)
            shown = figures_of(campaign, tested, user=self.user, now=clock.now())
        return super().get_context_data(
            campaign_moves=moves,
            state_badge=STATE_TONES[campaign.state],
            settings=settings_of(campaign, self.user),
            may_change=campaign.state in CHANGEABLE or campaign.enabled,
            move_url=reverse("campaign:campaign-switch", args=[campaign.code]),
            members_url=reverse("campaign:members", args=[campaign.code]),
            parts=render_panels(self.request, self.user, campaign),
            **shown,
            **kwargs,
        )

    def get_figures(self, campaign: Campaign) -> dict[str, Any]:
        found = monitor(campaign, user=self.user)
        stages = stages_of(found.whole)
        above = [None, *(count for _label, count in stages)]
        rows = [
            {"label": label, "members": count, "share": count / before if before else None}
            for (label, count), before in zip(stages, above, strict=False)
        ]
        return {
            "monitor": found,
            "stage_chart": funnel_chart(
                title=_("From target to kept"), stages=[label for label, _count in stages],
                values=[count for _label, count in stages],
            ),
            "stages": StageTable(rows),
            "areas": AreaTable(self._areas(campaign, found)),
            "waves": WaveTable(found.waves),
            "refusals": [
                (REASON_LABELS[reason], formats.number(count))
                for reason, count in found.whole.refused.most_common()
            ],
        }  # fmt: skip

    def _areas(self, campaign: Campaign, found: Monitor) -> list[dict[str, Any]]:
        url = reverse("campaign:members", args=[campaign.code])
        return [
            _area(standing) | {"branch": branch.name, "href": f"{url}?branch={branch.code}"}
            for branch, standing in by_area(found, user=self.user)
        ]


def _area(standing: Standing) -> dict[str, Any]:
    return vars(standing.progress) | {
        "target": standing.target, "control": standing.control, "waiting": standing.waiting,
        "allowed": standing.allowed, "refused": standing.refused.total(),
    }  # fmt: skip


class MoveCampaign(CampaignPages, ManagedWrite, View):
    """POST `move`, `version`, and what its form asks for under the move's name. Who may make it is the service's law:
    sending back and approving take another permission than the rest."""

    http_method_names = ["post"]

    def post(self, request: HttpRequest, code: str) -> HttpResponse:
        sent = request.POST.get("move", "")
        if sent not in Move.values:
            raise Invalid(_("There is no such step."), details=[{"field": "move", "code": "unknown"}])
        move = Move(sent)
        form = FORMS[move](request.POST, prefix=move.value) if move in FORMS else None
        visible_campaign(self.user, code)
        if form is not None and not form.is_valid():
            messages.error(request, " ".join(str(text) for errors in form.errors.values() for text in errors))
            return redirect(self.url("", code))
        given = form.cleaned_data if form is not None else {}
        version = parse_number(request.POST.get("version", "")) or 0
        try:
            row = make_move(move, Asked(self.user, code, version, given, clock.now()))
        except (Conflict, Invalid) as problem:
            messages.error(request, str(problem))
        else:
            messages.success(request, _("%(name)s: %(state)s.") % {"name": row.title, "state": row.get_state_display()})
        return redirect(self.url("", code))
