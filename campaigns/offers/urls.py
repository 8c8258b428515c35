from django.urls import path

from campaigns.offers import views

app_name = "offers"
urlpatterns = [
    path("", views.offer_list, name="offers"),
    path("new/", views.new_offer, name="offer-new"),
    path("<slug:code>/", views.offer_page, name="offer"),
    path("<slug:code>/edit/", views.edit_offer, name="offer-edit"),
    path("<slug:code>/switch/", views.switch, name="offer-switch"),
]
