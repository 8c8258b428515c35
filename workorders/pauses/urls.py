from django.urls import path

from workorders.pauses import views

app_name = "pauses"

urlpatterns = [
    path("pause-reasons/", views.CodeList.as_view(), name="codes"),
    path("pause-reasons/new/", views.NewCode.as_view(), name="code-new"),
    path("pause-reasons/of/<slug:code>/", views.EditCode.as_view(), name="code-edit"),
]
