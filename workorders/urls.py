from django.urls import path

from workorders.appointments import views as appointments
from workorders.console.views import call_screen, calls, corrections, desk, knowledge, messages, proposals, skips, steps
from workorders.pauses import views as pauses
from workorders.proposals import views as requests
from workorders.supervision.views import board, bulk, opening
from workorders.telephony import views as telephony

app_name = "workorders"

urlpatterns = [
    path("work/", desk.console, name="console"),
    path("work/next/", desk.take_next, name="next"),
    path("work/next/preview/", desk.preview, name="preview"),
    path("work/pause/", pauses.begin, name="pause"),
    path("work/ready/", pauses.end, name="ready"),
    path("work/wrap-up/", pauses.extend_wrap_up, name="wrap-up-extend"),
    path("work/list/", desk.WorkList.as_view(), name="list"),
    path("work/mine/", desk.MyWork.as_view(), name="mine"),
    path("work/mine/contacts/", desk.MyContacts.as_view(), name="my-contacts"),
    path("work/orders/<str:order_no>/", call_screen.order_page, name="order"),
    path("work/orders/<str:order_no>/background/", call_screen.customer_background, name="background"),
    path("work/orders/<str:order_no>/outcome/", call_screen.save_outcome, name="outcome"),
    path("work/orders/<str:order_no>/start/", call_screen.start_call, name="start"),
    path("work/orders/<str:order_no>/appointment/", call_screen.appointment_load, name="appointment-load"),
    path("work/appointments/", appointments.days, name="appointments"),
    path("work/orders/<str:order_no>/dial/", calls.dial_customer, name="dial"),
    path("work/orders/<str:order_no>/call/", calls.call_state, name="call"),
    path("work/orders/<str:order_no>/hang-up/", calls.hang_up_call, name="hang-up"),
    path("work/extension/", telephony.extension, name="extension"),
    path("work/calls/<str:reference>/recording/", telephony.recording, name="recording"),
    path("work/orders/<str:order_no>/offer/", proposals.offer, name="offer"),
    path("work/orders/<str:order_no>/take/", call_screen.take_order, name="take"),
    path("work/orders/<str:order_no>/draft/", call_screen.keep_draft, name="draft"),
    path("work/orders/<str:order_no>/beat/", call_screen.beat, name="beat"),
    path("work/orders/<str:order_no>/knowledge/", knowledge.knowledge_list, name="knowledge"),
    path("work/orders/<str:order_no>/knowledge/<slug:code>/", knowledge.open_article, name="knowledge-article"),
    path("work/orders/<str:order_no>/message/", messages.message_form, name="message"),
    path("work/orders/<str:order_no>/message/send/", messages.send, name="message-send"),
    path("work/orders/<str:order_no>/reopen/", corrections.reopen_order, name="reopen"),
    path("work/orders/<str:order_no>/skip/", skips.skip_order, name="skip"),
    path("work/orders/<str:order_no>/requeue/", corrections.requeue_order, name="requeue"),
    path("work/orders/<str:order_no>/steps/<slug:key>/", steps.step_page, name="step"),
    path("supervise/", board.Supervise.as_view(), name="supervise"),
    path("supervise/floor/", board.live_floor, name="floor"),
    path("supervise/agents/<str:username>/", board.AgentDay.as_view(), name="agent-day"),
    path("supervise/numbers/", board.raise_numbers, name="raise-numbers"),
    path("supervise/offers/", requests.offer_requests, name="offer-requests"),
    path("supervise/offers/<int:decision>/", requests.decide, name="offer-decide"),
    path("supervise/lines/<str:subscriber_no>/open/", opening.open_for_line, name="open-for-line"),
    path("supervise/bulk/", bulk.bulk, name="bulk"),
    path("supervise/bulk/runs/", bulk.RunList.as_view(), name="bulk-runs"),
    path("supervise/bulk/runs/<int:pk>/", bulk.RunPage.as_view(), name="bulk-run"),
    path("supervise/bulk/runs/<int:pk>/stop/", bulk.stop, name="bulk-stop"),
]
