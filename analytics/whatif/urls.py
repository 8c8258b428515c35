from django.urls import path

from analytics.whatif import views

urlpatterns = [path("<str:subscriber_no>/", views.what_if, name="what-if")]
