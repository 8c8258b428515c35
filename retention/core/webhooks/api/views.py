"""A client's webhooks: create, test, rotate the secret, delete; and the deliveries of each."""

from typing import ClassVar

from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework.request import Request
from rest_framework.response import Response

from retention.core import clock
from retention.core.api.bodies import json_object
from retention.core.api.pagination import PAGING, choice_parameter, cursor_page
from retention.core.api.views.base import ApiView
from retention.core.declarations import WEBHOOKS, WEBHOOKS_WRITE
from retention.core.errors import NotFound
from retention.core.webhooks.api import serializers as schema
from retention.core.webhooks.models import Delivery, Webhook
from retention.core.webhooks.services.webhooks import (
    Issued,
    create_webhook,
    delete_webhook,
    require_parked,
    resend,
    rotate_secret,
    send_test,
)


class Webhooks(ApiView):
    scope, tag = WEBHOOKS_WRITE, WEBHOOKS
    errors = (409,)

    @extend_schema(
        operation_id="list_webhooks",
        summary="This client's webhooks, newest first",
        parameters=PAGING,
        responses={200: schema.WebhookList},
        examples=[schema.WEBHOOK_LIST_EXAMPLE],
    )
    def get(self, request: Request) -> Response:
        found = Webhook.objects.of(self.client)
        return Response(cursor_page(found, request, order="-pk", write=schema.webhook_as_json))

    @extend_schema(
        operation_id="create_webhook",
        summary="Be told of events",
        description="The secret is in this answer only. At least once, in order for each subscriber, for 72 hours.",
        request=schema.WebhookIn,
        responses={201: schema.WebhookIssued},
        examples=[schema.CREATE_EXAMPLE, schema.ISSUED_EXAMPLE],
    )
    def post(self, request: Request) -> Response:
        asked = json_object(request)
        made = create_webhook(client=self.client, url=asked.get("url"), events=asked.get("events"), now=clock.now())
        return Response(_with_secret(made), status=201)


class WebhookView(ApiView):
    """Base of the views of one webhook; NotFound for another client's."""

    scope, tag = WEBHOOKS_WRITE, WEBHOOKS
    errors: ClassVar[tuple[int, ...]] = (404,)

    def webhook(self, pk: int) -> Webhook:
        found = Webhook.objects.of(self.client).select_related("client").filter(pk=pk).first()
        if found is None:
            raise NotFound("There is no such webhook.")
        return found


class OneWebhook(WebhookView):
    @extend_schema(
        operation_id="get_webhook",
        summary="One webhook",
        responses={200: schema.WebhookOut},
        examples=[schema.WEBHOOK_EXAMPLE],
    )
    def get(self, request: Request, pk: int) -> Response:
        return Response(schema.webhook_as_json(self.webhook(pk)))

    @extend_schema(
        operation_id="delete_webhook", summary="Be told no more; what waits is dropped", responses={204: None}
    )
    def delete(self, request: Request, pk: int) -> Response:
        delete_webhook(webhook=self.webhook(pk))
        return Response(status=204)


class Test(WebhookView):
    __test__ = False

    errors = (404, 503)

    @extend_schema(
        operation_id="test_webhook",
        summary="Send a message of the event `test` now, once",
        request=None,
        responses={200: schema.TestResult},
        examples=schema.TEST_EXAMPLES,
    )
    def post(self, request: Request, pk: int) -> Response:
        answer = send_test(webhook=self.webhook(pk), now=clock.now())
        return Response({"delivered": answer.ok, "status": answer.status, "error": answer.error})


class Rotate(WebhookView):
    @extend_schema(
        operation_id="rotate_webhook_secret",
        summary="A new secret; for 24 hours both sign, each as a `v1=` and a `v2=` of the header",
        request=None,
        responses={200: schema.WebhookIssued},
        examples=[schema.ISSUED_EXAMPLE],
    )
    def post(self, request: Request, pk: int) -> Response:
        return Response(_with_secret(rotate_secret(webhook=self.webhook(pk), now=clock.now())))


class Deliveries(WebhookView):
    @extend_schema(
        operation_id="list_webhook_deliveries",
        summary="What was sent or waits to be, newest first; delivered ones for 30 days",
        parameters=[OpenApiParameter("state", enum=Delivery.State.values), *PAGING],
        responses={200: schema.DeliveryList},
        examples=[schema.DELIVERY_LIST_EXAMPLE],
    )
    def get(self, request: Request, pk: int) -> Response:
        found = Delivery.objects.for_list().filter(webhook=self.webhook(pk))
        if state := choice_parameter(request, "state", "", choices=Delivery.State.values):
            found = found.filter(state=state)
        return Response(cursor_page(found, request, order="-pk", write=schema.delivery_as_json))


class Resend(WebhookView):
    errors = (404, 409)

    @extend_schema(
        operation_id="resend_webhook_delivery",
        summary="Send a parked event again, for another 72 hours",
        request=None,
        responses={200: schema.DeliveryOut},
        examples=[schema.RESENT_EXAMPLE],
    )
    def post(self, request: Request, pk: int, delivery: int) -> Response:
        webhook = self.webhook(pk)
        found = Delivery.objects.for_list().filter(webhook=webhook, pk=delivery).first()
        if found is None:
            raise NotFound("There is no such delivery.")
        require_parked(found)
        resend(webhook=webhook, ids=[found.pk], now=clock.now())
        found.refresh_from_db()
        return Response(schema.delivery_as_json(found))


def _with_secret(issued: Issued) -> dict[str, object]:
    return schema.webhook_as_json(issued.webhook) | {"secret": issued.secret}
