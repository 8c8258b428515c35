"""The risk score of a line, and the warning list."""

from collections.abc import Iterable, Sequence
from datetime import date
from functools import partial
from typing import Any

from django.conf import settings
from django.db.models import QuerySet
from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework.request import Request
from rest_framework.response import Response

from analytics.declarations import RISK_READ, SIGNALS
from analytics.warnings.api import serializers
from analytics.warnings.api.queries import branch_of, day_of, line_of
from analytics.warnings.api.serializers import Risk, RiskPage
from customers.facts.models import Subscriber
from customers.fields.attributes import custom_fields_by_key
from customers.fields.choices import WARNING_TIERS, RiskTier
from customers.risk.models import RiskScore
from customers.risk.text.reasons import format_reasons
from retention.core.accounts.models import Branch
from retention.core.api.models import ApiClient
from retention.core.api.pagination import PAGING, choice_parameter, keyset_page
from retention.core.api.views.base import ApiView
from retention.core.errors import NotFound

LANGUAGE = OpenApiParameter(
    "Accept-Language",
    {"type": "string", "default": settings.LANGUAGE_CODE},
    OpenApiParameter.HEADER,
    description=f"Of the reasons: {', '.join(code for code, _name in settings.LANGUAGES)}.",
)
ORDER = (("-probability", float), ("subscriber_id", int))


def _or_empty(**schema: Any) -> dict[str, Any]:
    """A parameter whose empty text is as good as none."""
    return {"anyOf": [{"type": "string", **schema}, {"type": "string", "maxLength": 0}]}


class LineRisk(ApiView):
    scope, tag = RISK_READ, SIGNALS
    errors = (404,)

    @extend_schema(
        operation_id="get_risk",
        summary="The churn risk of one line",
        description=(
            "The newest score with its reasons. Reasons that lower the risk are given too, with a contribution below "
            "zero. 404 `not_found`: there is no such line for this client; 404 `not_scored`: the line is there but has "
            "no score, because it is new, is silent or stopped, has left, or its customer has opted out of profiling."
        ),
        parameters=[LANGUAGE],
        responses={200: Risk},
        examples=serializers.response_example(serializers.RISK_EXAMPLE),
    )
    def get(self, request: Request, subscriber_no: str) -> Response:
        line = line_of(self.client, subscriber_no)
        score = None
        if not line.account.customer.profiling_opt_out:
            score = RiskScore.objects.filter(subscriber=line).order_by("-as_of").first()
        if score is None:
            raise NotFound(f"Subscriber {line.subscriber_no} has not been scored.", code="not_scored")
        return Response(serialize_scores([score], {line.pk: line.subscriber_no})[0])


class Warnings(ApiView):
    scope, tag = RISK_READ, SIGNALS

    @extend_schema(
        operation_id="list_warnings",
        summary="Lines at risk, the most likely to leave first",
        description=(
            "All lines of the tiers medium, high and critical, or of one tier, as scored on a day; each as `get_risk` "
            "gives it. Lines whose customers have opted out of profiling are left out. The order does not change "
            "while the day is not scored again, so the pages together give every line once."
        ),
        parameters=[
            OpenApiParameter("as_of", _or_empty(format="date"), description="Day of the scores; else the newest."),
            OpenApiParameter("tier", _or_empty(enum=RiskTier.values), description="Only this tier."),
            OpenApiParameter("branch", str, description="Code of a branch: its lines and those of branches below."),
            *PAGING,
            LANGUAGE,
        ],
        responses={200: RiskPage},
        examples=serializers.response_example(
            {"as_of": "2026-11-20", "results": [serializers.RISK_EXAMPLE], "next": None}
        ),
    )
    def get(self, request: Request) -> Response:
        tier = choice_parameter(request, "tier", "", choices=["", *RiskTier.values])
        as_of, branch = day_of(request, "as_of") or newest_day(), branch_of(request, self.client)
        scores = (
            warned_scores(self.client, as_of=as_of, tier=tier, branch=branch) if as_of else RiskScore.objects.none()
        )
        return Response({"as_of": as_of} | keyset_page(scores, request, keys=ORDER, write=partial(_with_numbers)))


def newest_day() -> date | None:
    """The day last scored. Read from the index of warnings; a base without any has its newest score of all."""
    newest = RiskScore.objects.order_by("-as_of").values_list("as_of", flat=True)
    return newest.filter(tier__in=WARNING_TIERS).first() or newest.first()


def warned_scores(client: ApiClient, *, as_of: date, tier: str, branch: Branch | None) -> QuerySet[RiskScore]:
    scores = RiskScore.objects.filter(as_of=as_of, tier__in=[tier] if tier else WARNING_TIERS)
    scores = scores.filter(subscriber__account__customer__profiling_opt_out=False)
    if client.branch:
        scores = scores.filter(subscriber__branch__in=_below(client.branch))
    if branch:
        scores = scores.filter(subscriber__branch__in=_below(branch))
    return scores


def _below(branch: Branch) -> list[int]:
    """As a list: some hundred branches, and the planner keeps to the index of warnings."""
    return list(Branch.objects.under(branch).values_list("pk", flat=True))


def _with_numbers(scores: Sequence[RiskScore]) -> list[dict[str, Any]]:
    numbers = dict(
        Subscriber.objects.filter(pk__in=[score.subscriber_id for score in scores]).values_list("pk", "subscriber_no")
    )
    return serialize_scores(scores, numbers)


def serialize_scores(scores: Iterable[RiskScore], numbers: dict[int, str]) -> list[dict[str, Any]]:
    """Scores in the form of the API, with reasons in the asked language; numbers: subscriber_no by id."""
    custom = custom_fields_by_key()
    return [_one(score, numbers[score.subscriber_id], custom) for score in scores]


def _one(score: RiskScore, subscriber_no: str, custom: dict) -> dict[str, Any]:
    reasons = format_reasons(score.reasons, for_agent=False, raising_only=False, custom=custom)
    return {
        "subscriber_no": subscriber_no,
        "as_of": score.as_of,
        "probability": score.probability,
        "decile": score.decile,
        "tier": score.tier,
        "cohort": score.cohort,
        "expected_gain": score.expected_gain,
        "reasons": [reason.as_dict() for reason in reasons],
        "model_version": score.model_version,
    }
