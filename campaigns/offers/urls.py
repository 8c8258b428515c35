from django.urls import path

from campaigns.views import offer_editing, offers

app_name = "offers"
urlpatterns = [
    path("", offers.offer_list, name="offers"),
    path("new/", offer_editing.new_offer, name="offer-new"),
    path("<slug:code>/", offers.offer_page, name="offer"),
    path("<slug:code>/edit/", offer_editing.edit_offer, name="offer-edit"),
    path("<slug:code>/switch/", offer_editing.switch, name="offer-switch"),
]
