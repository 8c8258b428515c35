from django.urls import path

from campaigns.care import views

app_name = "care"
urlpatterns = [
    path("", views.CareCalendar.as_view(), name="calendar"),
    path("notices/", views.CareNoticeList.as_view(), name="carenotices"),
    path("notices/new/", views.NewCareNotice.as_view(), name="carenotice-new"),
    path("notices/<slug:code>/", views.CareNoticePage.as_view(), name="carenotice"),
    path("notices/<slug:code>/edit/", views.EditCareNotice.as_view(), name="carenotice-edit"),
    path("notices/<slug:code>/copy/", views.CopyCareNotice.as_view(), name="carenotice-copy"),
    path("notices/<slug:code>/switch/", views.SwitchCareNotice.as_view(), name="carenotice-switch"),
]
