from django.urls import path

from campaigns.offers.views import limits
from campaigns.offers.views import offers as views

app_name = "offers"
urlpatterns = [
    path("", views.OfferList.as_view(), name="offers"),
    path("new/", views.NewOffer.as_view(), name="offer-new"),
    path("ceilings/", limits.ceilings_page, name="ceilings"),
    path("<slug:code>/", views.OfferPage.as_view(), name="offer"),
    path("<slug:code>/eligible/", views.EligibleLines.as_view(), name="offer-eligible"),
    path("<slug:code>/edit/", views.EditOffer.as_view(), name="offer-edit"),
    path("<slug:code>/limits/", limits.pools_page, name="offer-limits"),
    path("<slug:code>/copy/", views.CopyOffer.as_view(), name="offer-copy"),
    path("<slug:code>/switch/", views.SwitchOffer.as_view(), name="offer-switch"),
]
