from django.urls import path

from workorders.order_types import views

app_name = "order_types"

urlpatterns = [
    path("order-types/", views.TypeList.as_view(), name="types"),
    path("order-types/of/<slug:code>/", views.type_page, name="type"),
    path("order-types/of/<slug:code>/edit/", views.EditType.as_view(), name="type-edit"),
    path("dispositions/", views.DispositionList.as_view(), name="dispositions"),
    path("dispositions/new/", views.NewDisposition.as_view(), name="disposition-new"),
    path("dispositions/of/<slug:code>/", views.EditDisposition.as_view(), name="disposition-edit"),
]
