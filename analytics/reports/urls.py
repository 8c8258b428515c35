from django.urls import path

from analytics.reports.views import REPORTS

# The address of the tab shows the first one.
urlpatterns = [
    path("", REPORTS[0].as_view(), name="reports"),
    *(path(f"{report.name}/", report.as_view(), name=report.name) for report in REPORTS),
]
