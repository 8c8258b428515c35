from django.urls import include, path

from analytics.churn.views import monitor, versions
from analytics.monitoring import views as watch
from analytics.outcomes.views import factors, outcomes
from analytics.planner.views import assumptions, planner
from analytics.planner.views import lines as planned
from analytics.warnings.views import listing, orders
from analytics.warnings.views import monthly as lists

app_name = "analytics"
urlpatterns = [
    path("", listing.WarnedList.as_view(), name="churn"),
    path("model/", monitor.model_monitor, name="monitor"),
    path("model/train/", watch.train_challenger, name="train"),
    path("model/contest/", versions.start_contest, name="contest"),
    path("model/<int:pk>/", versions.model_version, name="version"),
    path("model/<int:pk>/compare/", versions.compare_version, name="compare"),
    path("model/<int:pk>/promote/", versions.promote_version, name="promote"),
    path("watch/", include("analytics.monitoring.urls")),
    path("outcomes/", outcomes.Outcomes.as_view(), name="outcomes"),
    path("outcomes/<str:meaning>/<str:line_type>/", outcomes.define, name="outcome-define"),
    path("outcomes/<str:meaning>/<str:line_type>/remove/", outcomes.remove, name="outcome-remove"),
    path("factors/", factors.Factors.as_view(), name="factors"),
    path("open-orders/", orders.open_orders, name="open-orders"),
    path("lists/", lists.MonthlyLists.as_view(), name="lists"),
    path("lists/<str:month>/", lists.MonthlyList.as_view(), name="list"),
    path("groups/", include("analytics.groups.urls")),
    path("circles/", include("analytics.circles.urls")),
    path("win-back/", include("analytics.win_back.urls")),
    path("reports/", include("analytics.reports.urls")),
    path("what-if/", include("analytics.whatif.urls")),
    path("planner/", planner.Planner.as_view(), name="planner"),
    path("planner/lines/", planned.PlannedList.as_view(), name="planner-lines"),
    path("planner/open-orders/", planned.open_orders, name="planner-orders"),
    path("value/", assumptions.Assumptions.as_view(), name="value"),
    path("value/terms/<str:line_type>/", assumptions.edit_assumptions, name="edit-terms"),
    path("value/treatments/<str:kind>/", assumptions.edit_treatment, name="edit-treatment"),
    path("value/treatments/<str:kind>/adopt/", assumptions.adopt_acceptance, name="adopt-acceptance"),
    path("value/tests/new/", assumptions.add_experiment, name="add-experiment"),
    path("value/tests/<int:pk>/withdraw/", assumptions.withdraw_experiment, name="withdraw-experiment"),
]
