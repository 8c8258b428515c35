from django.urls import path

from analytics.groups.views import listing, orders

urlpatterns = [
    path("", listing.groups_at_risk, name="groups"),
    path("second-sim/", listing.second_sims, name="second-sims"),
    path("second-sim/open-orders/", orders.second_sim_orders, name="second-sim-orders"),
    path("<str:group_no>/", listing.group_page, name="group"),
    path("<str:group_no>/open-orders/", orders.group_orders, name="group-orders"),
]
