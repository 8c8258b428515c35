"""Decisions for the billing system: what it must carry out, and the results it reports."""

from drf_spectacular.utils import OpenApiExample, OpenApiParameter, extend_schema
from rest_framework.request import Request
from rest_framework.response import Response

from campaigns.declarations import DECISIONS, DECISIONS_WRITE
from campaigns.offers.models import Decision
from campaigns.offers.serializers import (
    API_STATES,
    EXAMPLE,
    Confirmation,
    DecisionBody,
    DecisionPage,
    Refusal,
    serialize_decision,
)
from campaigns.offers.services.billing import confirm, refuse, require_decision
from campaigns.offers.states import API_NAMES
from retention.core import clock
from retention.core.api.bodies import json_object
from retention.core.api.pagination import PAGING, choice_parameter, cursor_page
from retention.core.api.views.base import ApiView

STATE_OF = {name: state for state, name in API_NAMES.items()}
SETTLED = {"settled_at": "2026-11-22T10:05:02+08:00"}
CONFIRMED = EXAMPLE | SETTLED | {"state": "confirmed", "billing_ref": "CHG-99120"}
REFUSED = EXAMPLE | SETTLED | {"state": "refused", "refusal_reason": "The line has a contract under another policy."}
DECISION_ID = OpenApiParameter("decision_id", str, OpenApiParameter.PATH, description="The decision's `id`.")


class DecisionList(ApiView):
    scope, tag = DECISIONS_WRITE, DECISIONS

    @extend_schema(
        operation_id="list_decisions",
        summary="Offers that customers have accepted",
        description="`pending`: to be carried out and then confirmed or refused.",
        parameters=[OpenApiParameter("state", enum=[*API_STATES, "all"], default="pending"), *PAGING],
        responses={200: DecisionPage},
        examples=[OpenApiExample("One waits", {"results": [EXAMPLE], "next": None}, response_only=True)],
    )
    def get(self, request: Request) -> Response:
        name = choice_parameter(request, "state", "pending", choices=[*API_STATES, "all"])
        decisions = Decision.objects.visible_to(self.client).for_billing()
        if name != "all":
            decisions = decisions.filter(state=STATE_OF[name])
        return Response(cursor_page(decisions, request, write=serialize_decision))


class DecisionDetail(ApiView):
    scope, tag = DECISIONS_WRITE, DECISIONS
    errors = (404,)

    @extend_schema(
        operation_id="get_decision",
        summary="One accepted offer and what billing made of it",
        parameters=[DECISION_ID],
        responses={200: DecisionBody},
        examples=[OpenApiExample("Confirmed", CONFIRMED, response_only=True)],
    )
    def get(self, request: Request, decision_id: str) -> Response:
        found = Decision.objects.visible_to(self.client).for_billing().numbered(decision_id).first()
        return Response(serialize_decision(require_decision(found)))


class DecisionConfirm(ApiView):
    scope, tag = DECISIONS_WRITE, DECISIONS
    errors = (404, 409)

    @extend_schema(
        operation_id="confirm_decision",
        summary="It is carried out",
        description="Saying it again with the same reference changes nothing; with another it is a conflict.",
        request=Confirmation,
        responses={200: DecisionBody},
        parameters=[DECISION_ID],
        examples=[
            OpenApiExample("Done", {"billing_ref": "CHG-99120"}, request_only=True),
            OpenApiExample("Confirmed", CONFIRMED, response_only=True),
        ],
    )
    def post(self, request: Request, decision_id: str) -> Response:
        given = json_object(request).get("billing_ref")
        decision = confirm(decision_id=decision_id, client=self.client, billing_ref=given, now=clock.now())
        return Response(serialize_decision(decision))


class DecisionRefuse(ApiView):
    scope, tag = DECISIONS_WRITE, DECISIONS
    errors = (404, 409)

    @extend_schema(
        operation_id="refuse_decision",
        summary="It cannot be carried out",
        description="The order's page shows the reason to the group that promised it.",
        request=Refusal,
        responses={200: DecisionBody},
        parameters=[DECISION_ID],
        examples=[
            OpenApiExample(
                "Not possible", {"reason": "The line has a contract under another policy."}, request_only=True
            ),
            OpenApiExample("Refused", REFUSED, response_only=True),
        ],
    )
    def post(self, request: Request, decision_id: str) -> Response:
        given = json_object(request).get("reason")
        decision = refuse(decision_id=decision_id, client=self.client, reason=given, now=clock.now())
        return Response(serialize_decision(decision))
