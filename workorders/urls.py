from django.urls import path

from workorders.views import call, console, mine, offers, supervise

app_name = "workorders"

urlpatterns = [
    path("work/", console.console, name="console"),
    path("work/next/", console.take_next, name="next"),
    path("work/mine/", mine.my_work, name="mine"),
    path("work/orders/<str:order_no>/", call.order_page, name="order"),
    path("work/orders/<str:order_no>/outcome/", call.save_outcome, name="outcome"),
    path("work/orders/<str:order_no>/start/", call.start_call, name="start"),
    path("work/orders/<str:order_no>/offer/", offers.offer, name="offer"),
    path("work/orders/<str:order_no>/take/", call.take_order, name="take"),
    path("work/orders/<str:order_no>/draft/", call.keep_draft, name="draft"),
    path("work/orders/<str:order_no>/beat/", call.beat, name="beat"),
    path("supervise/", supervise.supervise, name="supervise"),
    path("supervise/floor/", supervise.live_floor, name="floor"),
    path("supervise/bulk/", supervise.bulk, name="bulk"),
]
