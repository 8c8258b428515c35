from django.urls import include, path

from analytics.lists import views as lists
from analytics.value.views import planner, terms
from analytics.views import factors, monitor, open_orders, outcomes, versions, warnings

app_name = "analytics"
urlpatterns = [
    path("", warnings.warning_list, name="churn"),
    path("model/", monitor.model_monitor, name="monitor"),
    path("model/train/", versions.train_challenger, name="train"),
    path("model/contest/", versions.start_contest, name="contest"),
    path("model/<int:pk>/", versions.model_version, name="version"),
    path("model/<int:pk>/compare/", versions.compare_version, name="compare"),
    path("model/<int:pk>/promote/", versions.promote_version, name="promote"),
    path("watch/", include("analytics.watch.urls")),
    path("outcomes/", outcomes.outcomes, name="outcomes"),
    path("outcomes/<str:meaning>/<str:line_type>/", outcomes.define, name="outcome-define"),
    path("outcomes/<str:meaning>/<str:line_type>/remove/", outcomes.remove, name="outcome-remove"),
    path("factors/", factors.factors, name="factors"),
    path("open-orders/", open_orders.open_orders, name="open-orders"),
    path("lists/", lists.warning_lists, name="lists"),
    path("lists/<str:month>/", lists.warning_list, name="list"),
    path("groups/", include("analytics.groups.urls")),
    path("what-if/", include("analytics.whatif.urls")),
    path("planner/", planner.planner, name="planner"),
    path("value/", terms.terms, name="value"),
    path("value/terms/<str:line_type>/", terms.edit_terms, name="edit-terms"),
    path("value/treatments/<str:kind>/", terms.edit_treatment, name="edit-treatment"),
    path("value/tests/new/", terms.add_experiment, name="add-experiment"),
    path("value/tests/<int:pk>/withdraw/", terms.withdraw_experiment, name="withdraw-experiment"),
]
