from django.urls import path

from customers.fields import views

app_name = "own_fields"

urlpatterns = [
    path("", views.OwnFieldList.as_view(), name="list"),
    path("new/", views.NewOwnField.as_view(), name="new"),
    path("of/<slug:key>/", views.RenameOwnField.as_view(), name="edit"),
]
