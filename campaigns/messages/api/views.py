"""Receipts and replies of a provider, one or a list: good rows land, the others are named. And what the app fetches."""

from collections.abc import Sequence

from django.conf import settings
from drf_spectacular.utils import OpenApiExample, OpenApiParameter, extend_schema
from rest_framework.request import Request
from rest_framework.response import Response

from campaigns.declarations import MESSAGES_IN, MESSAGES_READ, MESSAGES_WRITE
from campaigns.messages.api.serializers import AppMessages, Receipt, Reply, app_message
from campaigns.messages.models import Message
from campaigns.messages.queries.gate import withheld
from campaigns.messages.services.receipts import ReceiptResult, record_receipts
from campaigns.messages.services.replies import record_replies
from campaigns.messages.states import State
from customers.facts.models import Subscriber
from retention.core import clock
from retention.core.api.pagination import PAGING, choice_parameter, keyset_page, parse_instant
from retention.core.api.parameters import bad_parameter
from retention.core.api.rows import Taken, one_or_many, read_rows, row_error, rows_answer
from retention.core.api.views.base import ApiView
from retention.core.errors import NotFound

ANSWER = {"received": 1, "applied": 1, "unchanged": 0, "rejected": 0, "errors": []}
RECEIPT = {"reference": "M3F0A9C4417BD2E6", "state": "delivered"}
APP_MESSAGE = {
    "reference": "M3F0A9C4417BD2E6", "subscriber_no": "S1", "purpose": "renewal", "subject": "Your contract ends soon",
    "text": "Dear Mr Li, your contract runs until 31 Dec 2026.", "sent_at": "2026-11-20T10:12:00+08:00",
    "expires_at": "2026-11-23T10:12:00+08:00", "read": False,
}  # fmt: skip
REPLY = {"reply_no": "MO-88120", "sender": "13800001234", "text": "TD", "at": "2026-11-20T10:12:00+08:00"}


class AppInbox(ApiView):
    scope, tag = MESSAGES_READ, MESSAGES_IN
    errors = (404,)

    @extend_schema(
        operation_id="list_app_messages",
        summary="The messages of a line for the operator's app, the newest first",
        description="Those that are sent and still valid. `unread=true`: only those without a receipt `read`. What the"
        " customer has opted out of since is not in the list. Fetch it when the app is opened, and report what was"
        " shown as receipts with the state `read`.",
        parameters=[
            OpenApiParameter("subscriber_no", str, required=True),
            OpenApiParameter("unread", enum=["true", "false"], default="false"),
            *PAGING,
        ],
        responses={200: AppMessages},
        examples=[OpenApiExample("One", {"results": [APP_MESSAGE], "next": None}, response_only=True)],
    )
    def get(self, request: Request) -> Response:
        line = request.query_params.get("subscriber_no", "").strip()
        if not line:
            raise bad_parameter("subscriber_no", "Say of which line.", code="required")
        unread = choice_parameter(request, "unread", "false", choices=["true", "false"])
        if line not in settings.MESSAGE_TEST_LINES and not Subscriber.objects.filter(subscriber_no=line).exists():
            raise NotFound("There is no such subscriber_no.")
        now = clock.now()
        found = Message.objects.in_app_of(line, now=now)
        if unread == "true":
            found = found.filter(state=State.SENT)

        def write(rows: Sequence[Message]) -> list[dict]:
            hidden = withheld(rows, now=now)
            return [app_message(one) for one in rows if one.reference not in hidden]

        return Response(keyset_page(found, request, keys=[("-sent_at", parse_instant), ("-pk", int)], write=write))


class Receipts(ApiView):
    scope, tag = MESSAGES_WRITE, MESSAGES_IN
    errors = (422,)

    @extend_schema(
        operation_id="send_message_receipts",
        summary="What became of messages: one receipt or a list of at most 1,000",
        description="In any order, late and more than once: what is known already changes nothing. The first end of a"
        " message stands. `unknown_reference`: no message has this number.",
        request=one_or_many(Receipt, "ReceiptsIn"),
        responses={200: Taken},
        examples=[
            OpenApiExample("Delivered", RECEIPT, request_only=True),
            OpenApiExample("Answer", ANSWER, response_only=True, status_codes=["200"]),
        ],
    )
    def post(self, request: Request) -> Response:
        bodies, good, errors = read_rows(request, Receipt)
        results = record_receipts(rows=[one.row() for _number, one in good], now=clock.now())
        for (number, one), result in zip(good, results, strict=True):
            if result == ReceiptResult.UNKNOWN:
                name = "reference" if one.validated_data.get("reference") else "provider_ref"
                errors.append(row_error(number, name, ReceiptResult.UNKNOWN.value, "No message has this number."))
        applied = sum(result == ReceiptResult.APPLIED for result in results)
        return rows_answer(bodies, applied, errors)


class Replies(ApiView):
    scope, tag = MESSAGES_WRITE, MESSAGES_IN
    errors = (422,)

    @extend_schema(
        operation_id="send_message_replies",
        summary="What customers wrote back: one reply or a list of at most 1,000",
        description="A reply of 退订, T, TD, R or STOP, in any case and width, opts out: when this is answered, nothing"
        " more is sent over the channel to whoever has the number, and what was waiting is cancelled.",
        request=one_or_many(Reply, "RepliesIn"),
        responses={200: Taken},
        examples=[
            OpenApiExample("Opts out", REPLY, request_only=True),
            OpenApiExample("Answer", ANSWER, response_only=True, status_codes=["200"]),
        ],
    )
    def post(self, request: Request) -> Response:
        bodies, good, errors = read_rows(request, Reply)
        new = record_replies(rows=[one.row() for _number, one in good], now=clock.now())
        return rows_answer(bodies, sum(new), errors)
