from django.urls import path

from analytics.groups.views import listing, orders

urlpatterns = [
    path("", listing.GroupsAtRisk.as_view(), name="groups"),
    path("second-sim/", listing.SecondSims.as_view(), name="second-sims"),
    path("second-sim/open-orders/", orders.second_sim_orders, name="second-sim-orders"),
    path("<str:group_no>/", listing.GroupMembers.as_view(), name="group"),
    path("<str:group_no>/open-orders/", orders.group_orders, name="group-orders"),
]
