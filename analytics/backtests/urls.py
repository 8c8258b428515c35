from django.urls import path

from analytics.backtests import views

app_name = "backtests"
urlpatterns = [
    path("scenarios/<slug:code>/backtest/", views.scenario_backtest, name="scenario"),
    path("churn/backtests/rule/", views.rule_backtest, name="rule"),
]
