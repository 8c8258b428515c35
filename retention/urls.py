from django.contrib import admin
from django.urls import include, path

from retention.core import health
from retention.core.views import handlers

urlpatterns = [
    *health.urlpatterns,
    path("", include("retention.portal.urls")),
    path("", include("retention.core.urls")),
    path("customers/", include("customers.urls")),
    path("scenarios/", include("campaigns.urls")),
    path("", include("workorders.urls")),
    path("churn/", include("analytics.urls")),
    path("api/v1/", include("retention.api")),
    path("admin/", admin.site.urls),
]

handler403 = handlers.forbidden
handler404 = handlers.missing
