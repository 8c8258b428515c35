from django.urls import path

from workorders.telephony import api

urlpatterns = [path("calls/events", api.CallEvents.as_view(), name="call-events")]
