from django.urls import path

from workorders.absences import views

app_name = "absences"

urlpatterns = [
    path("", views.AbsenceList.as_view(), name="list"),
    path("new/", views.NewAbsence.as_view(), name="new"),
    path("<int:pk>/", views.EditAbsence.as_view(), name="edit"),
    path("<int:pk>/promises/", views.hand_over, name="hand-over"),
    path("<int:pk>/end/", views.end, name="end"),
]
