from django.urls import path

from campaigns.audiences.builder import views
from campaigns.scenarios.views import detail, editing, listing

app_name = "campaigns"
urlpatterns = [
    path("", listing.scenario_list, name="scenarios"),
    path("new/", editing.new_scenario, name="scenario-new"),
    path("rule/", views.builder, name="rule"),
    path("rule/preview/", views.rule_preview, name="rule-preview"),
    path("<slug:code>/", detail.scenario_page, name="scenario"),
    path("<slug:code>/edit/", editing.edit_scenario, name="scenario-edit"),
    path("<slug:code>/tune/", editing.tune, name="scenario-tune"),
    path("<slug:code>/switch/", editing.switch, name="scenario-switch"),
    path("<slug:code>/try/", detail.try_scenario, name="scenario-try"),
]
