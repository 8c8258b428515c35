"""May this line be terminated?"""

from drf_spectacular.utils import OpenApiExample, OpenApiParameter, extend_schema
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response

from campaigns.declarations import DECISIONS, DECISIONS_WRITE
from customers.facts.models import Subscriber
from retention.core import clock
from retention.core.api.views.base import ApiView
from retention.core.errors import NotFound
from workorders.orders.queries import termination_check
from workorders.orders.states import State

REASONS = (
    "no_request", "request_received", "retention_order_open", "not_contactable", "retained", "not_retained",
    "waited_too_long",
)  # fmt: skip


class TerminationAnswer(serializers.Serializer):
    allowed = serializers.BooleanField()
    reason = serializers.ChoiceField(choices=REASONS)
    order_no = serializers.CharField(allow_null=True)
    order_state = serializers.ChoiceField(choices=State.values, allow_null=True)


class TerminationCheck(ApiView):
    scope, tag = DECISIONS_WRITE, DECISIONS
    errors = (404,)

    @extend_schema(
        operation_id="termination_check",
        summary="May this line be terminated now?",
        description=(
            "By the line's newest `termination_request`. Not yet: `request_received` (its retention order is being"
            " opened), `retention_order_open`. Yes: `no_request`, `not_contactable` (no order could be opened),"
            " `retained` and `not_retained` (how the order ended; after `retained` the customer has withdrawn the"
            " request), `waited_too_long` (the request is older than the limit, 72 hours by default)."
        ),
        parameters=[OpenApiParameter("subscriber_no", str, OpenApiParameter.PATH)],
        responses={200: TerminationAnswer},
        examples=[
            OpenApiExample(
                "Not yet",
                {
                    "allowed": False,
                    "reason": "retention_order_open",
                    "order_no": "W261122-000017",
                    "order_state": "in_progress",
                },
                response_only=True,
            )
        ],
    )
    def get(self, request: Request, subscriber_no: str) -> Response:
        line = Subscriber.objects.visible_to(self.client).filter(subscriber_no=subscriber_no).first()
        if line is None:
            raise NotFound("There is no such subscriber.")
        answer = termination_check(subscriber=line, now=clock.now())
        order = answer.order
        return Response(
            {
                "allowed": answer.allowed,
                "reason": answer.reason,
                "order_no": order.order_no if order else None,
                "order_state": order.state if order else None,
            }
        )
