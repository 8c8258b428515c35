"""Where the machines' endpoints come together: /api/v1/ for billing systems."""

from django.urls import include, path
from drf_spectacular.views import SpectacularAPIView

from retention.core.api.views.docs import SchemaJson, docs

app_name = "api"
urlpatterns = [
    path("schema/", SchemaJson.as_view(), name="schema"),
    path("docs/", docs, name="docs"),
    path("", include("retention.core.webhooks.api.urls")),
    path("", include("campaigns.offers.api.urls")),
    path("", include("campaigns.messages.api.urls")),
    path("", include("workorders.orders.urls")),
    path("", include("workorders.telephony.urls")),
    path("", include("analytics.warnings.api.urls")),
    path("", include("customers.batches.api.urls")),  # last: PUT {resource}/{key} takes any key
]


def only_ours(endpoints: list[tuple]) -> list[tuple]:
    """The paths that OpenAPI describes: those for machines, without the description of itself."""
    return [
        endpoint
        for endpoint in endpoints
        if endpoint[0].startswith(("/api/", "/tmf-api/")) and not issubclass(endpoint[3].cls, SpectacularAPIView)
    ]
