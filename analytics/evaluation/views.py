"""The result page of a campaign, and the page of whom a contact helps."""

from typing import Any

from django.http import HttpResponse
from django.shortcuts import get_object_or_404, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET

from analytics.evaluation.charts import effect_chart, group_chart
from analytics.evaluation.models import ContestState, UpliftContest, UpliftScore
from analytics.evaluation.queries.groups import Dimension
from analytics.evaluation.services.results import GroupResult, Result, result_of
from analytics.evaluation.tables import ContactedTable, ContestTable, GroupTable, WindowTable
from analytics.evaluation.text import uplift as uplift_text
from analytics.evaluation.text.results import DIMENSIONS, NOTICES, RISKS, format_result
from analytics.navigation.views import churn_tabs
from campaigns.campaigns.models import Campaign
from campaigns.campaigns.states import FROZEN_STATES
from customers.profile.models import SubscriberProfile
from retention.core.accounts.permissions import StaffRequest, require
from retention.core.ui import formats

Context = dict[str, Any]


@require("campaigns.view")
@require_GET
def campaign_result(request: StaffRequest, code: str) -> HttpResponse:
    """What the campaign changed, over members of the person's branch and below."""
    campaign = get_object_or_404(Campaign.objects.visible_to(request.user), code=code)
    context: Context = {"campaign": campaign}
    known = SubscriberProfile.objects.newest_date()
    if campaign.state in FROZEN_STATES and known is not None:
        context |= _shown(result_of(campaign=campaign, user=request.user, known=known)) | {"known": known}
    return render(request, "analytics/evaluation/result.html", context)


def _shown(result: Result) -> Context:
    return {
        "finding": format_result(
            result.headline, is_over=result.standing.is_over, ends_on=result.standing.ends_on, saved=result.saved
        ),
        "tone": NOTICES.get(result.headline.verdict, "info"),
        "cards": _cards(result),
        "chart": effect_chart(result.days),
        "windows": WindowTable(result.windows),
        "groups": [_group(one, rows) for one, rows in result.groups.items() if rows],
        "contacted": ContactedTable(result.contacted.by_source),
        "contacted_share": _share(result),
        "result": result,
    }


def _group(dimension: Dimension, rows: list[GroupResult]) -> Context:
    title = str(DIMENSIONS[dimension])
    if dimension == Dimension.RISK:
        rows = [GroupResult(one.key, str(RISKS[one.key]), one.comparison, one.p, one.alpha) for one in rows]
    return {
        "title": title,
        "chart": group_chart(title, rows),
        "table": GroupTable(rows, title=title),
        "is_team": dimension == Dimension.TEAM,
        "is_offer": dimension == Dimension.OFFER,
    }


def _share(result: Result) -> float | None:
    return result.contacted.members / result.headline.control.members if result.headline.control.members else None


def _cards(result: Result) -> list[Context]:
    saved, costs = result.saved, result.costs
    treated, control = result.members
    cards: list[Context] = [
        {
            "label": _("Members"), "value": treated + control, "measure": "result_members",
            "note": _("%(treated)s treated, %(control)s control") % {
                "treated": formats.number(treated), "control": formats.number(control),
            },
        },
        {"label": _("Contacts"), "value": costs.contacts, "measure": "result_contacts"},
        {"label": _("Cost"), "value": costs.spent, "kind": "money_compact", "measure": "result_cost"},
    ]  # fmt: skip
    if saved is None:
        return cards
    to = _("%(low)s to %(high)s")
    return [
        {
            "label": _("Incremental saves"), "value": saved.saves, "measure": "result_saves",
            "note": to % {"low": formats.number(saved.low), "high": formats.number(saved.high)},
        },
        {
            "label": _("Cost of a save"), "value": saved.cost_per_save, "kind": "money_compact",
            "measure": "result_cost_per_save",
        },
        {
            "label": _("Net value"), "value": saved.net, "kind": "money_compact", "measure": "result_net",
            "note": to % {"low": formats.money_compact(saved.net_low), "high": formats.money_compact(saved.net_high)},
        },
        *cards,
    ]  # fmt: skip


CONTESTS_SHOWN = 20


@require("churn.view")
@require_GET
def uplift(request: StaffRequest) -> HttpResponse:
    """Whether ranking by what a contact changes beats risk x value on our own campaigns, and what follows from it."""
    contests = list(UpliftContest.objects.newest_first()[:CONTESTS_SHOWN])
    newest = contests[0] if contests else None
    context: Context = {
        "tabs": churn_tabs(request),
        "finding": uplift_text.format_contest(newest),
        "tone": uplift_text.TONES[ContestState(newest.state)] if newest else "info",
        "asleep": uplift_text.format_asleep(newest),
        "cards": _uplift_cards() if newest and newest.artefact is not None else [],
        "table": ContestTable(contests),
        "newest": newest,
    }
    return render(request, "analytics/evaluation/uplift.html", context)


def _uplift_cards() -> list[Context]:
    found = UpliftScore.objects.counted()
    return [
        {"label": _("Lines scored"), "value": found["lines"]},
        {"label": _("A contact helps"), "value": found["helped"], "measure": "uplift_helps"},
        {"label": _("Do not wake"), "value": found["asleep"], "measure": "uplift_asleep"},
    ]
