from django.urls import path

from workorders.clocks.views import board, calendars, types

app_name = "clocks"

urlpatterns = [
    path("supervise/clocks/", board.board, name="board"),
    path("administration/calendars/", calendars.CalendarList.as_view(), name="workcalendars"),
    path("administration/calendars/new/", calendars.NewCalendar.as_view(), name="workcalendar-new"),
    path("administration/calendars/<slug:code>/", calendars.CalendarPage.as_view(), name="workcalendar"),
    path("administration/calendars/<slug:code>/edit/", calendars.EditCalendar.as_view(), name="workcalendar-edit"),
    path("administration/calendars/<slug:code>/copy/", calendars.CopyCalendar.as_view(), name="workcalendar-copy"),
    path(
        "administration/calendars/<slug:code>/switch/", calendars.SwitchCalendar.as_view(), name="workcalendar-switch"
    ),
    path("administration/order-types/of/<slug:code>/clocks/", types.EditClocks.as_view(), name="type"),
]
