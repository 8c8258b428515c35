"""Signing in, one's own preferences and notices, the administration, alerts, the job log, and the webhooks."""

from django.urls import include, path

from retention.core.accounts import views as account_views
from retention.core.accounts.views import SignIn, sign_out
from retention.core.administration.views import index_page
from retention.core.alerts import views as alert_views
from retention.core.api.views import clients
from retention.core.exports import views as export_views
from retention.core.jobs import views as job_views
from retention.core.notices import views as notice_views
from retention.core.staff.views import people, places, roles
from retention.core.webhooks import views as webhook_views

pages = [
    path("me/", account_views.preferences_page, name="preferences"),
    path("me/session/", account_views.session_state, name="session"),
    path("me/theme/", account_views.change_theme, name="theme"),
    path("me/keys/", account_views.change_key, name="own-key"),
    path("me/password/", account_views.ChangePassword.as_view(), name="password"),
    path("administration/", index_page, name="administration"),
    path("administration/people/", people.PeopleList.as_view(), name="people"),
    path("administration/people/new/", people.NewPerson.as_view(), name="person-new"),
    path("administration/people/of/<str:username>/", people.person_page, name="person"),
    path("administration/people/of/<str:username>/edit/", people.EditPerson.as_view(), name="person-edit"),
    path("administration/people/of/<str:username>/switch/", people.switch_person, name="person-switch"),
    path("administration/people/of/<str:username>/unlock/", people.unlock_person, name="person-unlock"),
    path("administration/people/of/<str:username>/password/", people.reset_password, name="person-password"),
    path("administration/branches/", places.BranchList.as_view(), name="staff-branches"),
    path("administration/groups/", places.GroupList.as_view(), name="staff-groups"),
    path("administration/groups/new/", places.NewGroup.as_view(), name="staff-group-new"),
    path("administration/groups/of/<slug:code>/", places.EditGroup.as_view(), name="staff-group-edit"),
    path("administration/roles/", roles.roles_page, name="staff-roles"),
    path("branches/", account_views.branch_options, name="branch-options"),
    path("api-clients/", clients.ClientList.as_view(), name="api-clients"),
    path("api-clients/new/", clients.new_client, name="api-client-new"),
    path("api-clients/create/", clients.create, name="api-client-create"),
    path("api-clients/<int:pk>/", clients.client_page, name="api-client"),
    path("api-clients/<int:pk>/change/", clients.change, name="api-client-change"),
    path("api-clients/<int:pk>/rotate/", clients.rotate, name="api-client-rotate"),
    path("api-clients/<int:pk>/revoke/", clients.revoke, name="api-client-revoke"),
    path("alerts/<int:pk>/acknowledge/", alert_views.acknowledge, name="alert-acknowledge"),
    path("alerts/<int:pk>/own/", alert_views.own, name="alert-own"),
    path("alerts/<int:pk>/snooze/", alert_views.snooze, name="alert-snooze"),
    path("notices/", notice_views.NoticeList.as_view(), name="notices"),
    path("notices/bell/", notice_views.bell, name="notice-bell"),
    path("notices/preferences/", notice_views.preference_page, name="notice-preferences"),
    path("notices/read/", notice_views.read_notices, name="notices-read"),
    path("notices/<int:pk>/", notice_views.notice_page, name="notice"),
    path("exports/<int:pk>/", export_views.export_page, name="export"),
    path("exports/<int:pk>/file/", export_views.download, name="export-file"),
    path("jobs/", job_views.JobList.as_view(), name="jobs"),
    path("jobs/<int:pk>/", job_views.job_page, name="job"),
    path("jobs/<int:pk>/again/", job_views.run_again, name="job-again"),
    path("jobs/<int:pk>/progress/", job_views.progress, name="job-progress"),
    path("webhooks/", webhook_views.WebhookList.as_view(), name="webhooks"),
    path("webhooks/<int:pk>/", webhook_views.WebhookPage.as_view(), name="webhook"),
    path("webhooks/<int:pk>/settle/", webhook_views.settle, name="webhook-settle"),
    path("webhooks/<int:pk>/switch/", webhook_views.switch, name="webhook-switch"),
]

urlpatterns = [
    # Django and its libraries know these two by their plain names.
    path("login/", SignIn.as_view(), name="login"),
    path("logout/", sign_out, name="logout"),
    path("i18n/setlang/", account_views.change_language, name="set-language"),
    path("", include((pages, "core"))),
]
