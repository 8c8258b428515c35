"""Signing in, one's own preferences, and the job log."""

from django.urls import include, path

from retention.core.views import jobs, preferences, session

pages = [
    path("me/", preferences.page, name="preferences"),
    path("me/theme/", preferences.change_theme, name="theme"),
    path("me/password/", preferences.ChangePassword.as_view(), name="password"),
    path("jobs/", jobs.job_list, name="jobs"),
    path("jobs/<int:pk>/", jobs.job_page, name="job"),
    path("jobs/<int:pk>/progress/", jobs.progress, name="job-progress"),
]

urlpatterns = [
    # Django and its libraries know these two by their plain names.
    path("login/", session.SignIn.as_view(), name="login"),
    path("logout/", session.sign_out, name="logout"),
    path("i18n/setlang/", preferences.change_language, name="set-language"),
    path("", include((pages, "core"))),
]
