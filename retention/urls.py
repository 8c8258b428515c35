from django.contrib import admin
from django.urls import include, path

from retention.core.accounts.views import enter_administration
from retention.core.ui import views

urlpatterns = [
    path("", include("retention.core.health.urls")),
    path("", include("retention.portal.urls")),
    path("", include("retention.core.urls")),
    path("customers/", include("customers.urls")),
    path("fields/", include("customers.glossary.urls")),
    path("batches/", include("customers.batches.urls")),
    path("imports/", include("customers.imports.urls")),
    path("", include("analytics.backtests.urls")),
    path("", include("analytics.evaluation.urls")),
    path("scenarios/S21/", include("campaigns.care.urls")),
    path("scenarios/", include("campaigns.scenarios.urls")),
    path("", include("campaigns.outreach.urls")),
    path("administration/", include("workorders.order_types.urls")),
    path("administration/", include("workorders.pauses.urls")),
    path("administration/", include("workorders.allocation.urls")),
    path("", include("workorders.clocks.urls")),
    path("", include("workorders.inspections.urls")),
    path("", include("workorders.documents.urls")),
    path("quality/", include("workorders.quality.urls")),
    path("", include("workorders.desk_messages.urls")),
    path("", include("workorders.inbound.urls")),
    path("supervise/wall/", include("workorders.wallboard.urls")),
    path("supervise/log/", include("workorders.task_log.urls")),
    path("supervise/performance/", include("workorders.performance.urls")),
    path("questionnaires/visits/", include("workorders.visits.urls")),
    path("questionnaires/", include("workorders.surveys.urls")),
    path("questionnaires/", include("workorders.survey_results.urls")),
    path("administration/order-types/", include("workorders.flows.urls")),
    path("administration/lists/file/", include("customers.list_files.urls")),
    path("administration/lists/", include("customers.lists.urls")),
    path("administration/own-fields/", include("customers.fields.urls")),
    path("offers/", include("campaigns.offers.urls")),
    path("messages/", include("campaigns.messages.urls")),
    path("knowledge/", include("workorders.knowledge.urls")),
    path("cohorts/", include("campaigns.cohorts.urls")),
    path("campaigns/", include("campaigns.campaigns.urls")),
    path("segments/", include("campaigns.segments.urls")),
    path("supervise/views/", include("workorders.saved_views.urls")),
    path("supervise/absences/", include("workorders.absences.urls")),
    path("", include("workorders.urls")),
    path("churn/", include("analytics.urls")),
    path("api/v1/", include("retention.api")),
    path("tmf-api/", include("retention.tmf.urls")),
    path("admin/login/", enter_administration, name="enter-administration"),
    path("admin/", admin.site.urls),
]

handler403 = views.forbidden
handler404 = views.not_found
handler500 = views.broken
