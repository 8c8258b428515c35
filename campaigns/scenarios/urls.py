from django.urls import path

from campaigns.audiences.builder import views
from campaigns.scenarios.views import detail, editing, listing, switching, tuning

app_name = "campaigns"
urlpatterns = [
    path("", listing.ScenarioList.as_view(), name="scenarios"),
    path("new/", editing.NewScenario.as_view(), name="scenario-new"),
    path("rule/", views.builder, name="rule"),
    path("rule/values/", views.rule_values, name="rule-values"),
    path("rule/preview/", views.rule_preview, name="rule-preview"),
    path("rule/details/", views.rule_details, name="rule-details"),
    path("<slug:code>/", detail.ScenarioPage.as_view(), name="scenario"),
    path("<slug:code>/edit/", editing.EditScenario.as_view(), name="scenario-edit"),
    path("<slug:code>/copy/", editing.CopyScenario.as_view(), name="scenario-copy"),
    path("<slug:code>/tune/", tuning.tune, name="scenario-tune"),
    path("<slug:code>/branches/", tuning.branch_numbers, name="scenario-branches"),
    path("<slug:code>/versions/", editing.ScenarioVersions.as_view(), name="scenario-versions"),
    path("<slug:code>/restore/", editing.RestoreScenario.as_view(), name="scenario-restore"),
    path("<slug:code>/switch/", switching.SwitchScenario.as_view(), name="scenario-switch"),
    path("<slug:code>/try/", switching.try_scenario, name="scenario-try"),
]
