from django.urls import path

from workorders.inspections import views

app_name = "inspections"

urlpatterns = [
    path("inspections/", views.Routes.as_view(), name="routes"),
    path("inspections/visits/<int:visit>/move/", views.move_visit, name="visit-move"),
    path("inspections/service/", views.Service.as_view(), name="faults"),
    path("inspections/plans/", views.PlanList.as_view(), name="inspectionplans"),
    path("inspections/plans/new/", views.NewPlan.as_view(), name="inspectionplan-new"),
    path("inspections/plans/<slug:code>/", views.PlanPage.as_view(), name="inspectionplan"),
    path("inspections/plans/<slug:code>/edit/", views.EditPlan.as_view(), name="inspectionplan-edit"),
    path("inspections/plans/<slug:code>/copy/", views.CopyPlan.as_view(), name="inspectionplan-copy"),
    path("inspections/plans/<slug:code>/switch/", views.SwitchPlan.as_view(), name="inspectionplan-switch"),
]
