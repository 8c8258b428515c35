from django.urls import path

from customers.glossary import views

app_name = "glossary"
urlpatterns = [
    path("", views.FieldList.as_view(), name="fields"),
    path("<slug:key>/", views.field_page, name="field"),
]
