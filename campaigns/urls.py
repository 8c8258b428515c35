from django.urls import path

from campaigns.views import editing, rule, scenario, scenarios

app_name = "campaigns"
urlpatterns = [
    path("", scenarios.scenario_list, name="scenarios"),
    path("new/", editing.new_scenario, name="scenario-new"),
    path("rule/", rule.builder, name="rule"),
    path("rule/preview/", rule.rule_preview, name="rule-preview"),
    path("<slug:code>/", scenario.scenario_page, name="scenario"),
    path("<slug:code>/edit/", editing.edit_scenario, name="scenario-edit"),
    path("<slug:code>/tune/", editing.tune, name="scenario-tune"),
    path("<slug:code>/switch/", editing.switch, name="scenario-switch"),
    path("<slug:code>/try/", scenario.try_scenario, name="scenario-try"),
]
