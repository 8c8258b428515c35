"""Signing in, one's own preferences, the job log, and the webhooks."""

from django.urls import include, path

from retention.core.views import api_clients, jobs, preferences, session, webhooks

pages = [
    path("me/", preferences.page, name="preferences"),
    path("me/theme/", preferences.change_theme, name="theme"),
    path("me/password/", preferences.ChangePassword.as_view(), name="password"),
    path("api-clients/", api_clients.client_list, name="api-clients"),
    path("api-clients/new/", api_clients.new_client, name="api-client-new"),
    path("api-clients/create/", api_clients.create, name="api-client-create"),
    path("api-clients/<int:pk>/", api_clients.client_page, name="api-client"),
    path("api-clients/<int:pk>/change/", api_clients.change, name="api-client-change"),
    path("api-clients/<int:pk>/rotate/", api_clients.rotate, name="api-client-rotate"),
    path("api-clients/<int:pk>/revoke/", api_clients.revoke, name="api-client-revoke"),
    path("jobs/", jobs.job_list, name="jobs"),
    path("jobs/<int:pk>/", jobs.job_page, name="job"),
    path("jobs/<int:pk>/progress/", jobs.progress, name="job-progress"),
    path("webhooks/", webhooks.webhook_list, name="webhooks"),
    path("webhooks/<int:pk>/", webhooks.webhook_page, name="webhook"),
    path("webhooks/<int:pk>/settle/", webhooks.settle, name="webhook-settle"),
    path("webhooks/<int:pk>/switch/", webhooks.switch, name="webhook-switch"),
]

urlpatterns = [
    # Django and its libraries know these two by their plain names.
    path("login/", session.SignIn.as_view(), name="login"),
    path("logout/", session.sign_out, name="logout"),
    path("i18n/setlang/", preferences.change_language, name="set-language"),
    path("", include((pages, "core"))),
]
