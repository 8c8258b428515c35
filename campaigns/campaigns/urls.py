from django.urls import path

from campaigns.campaigns.views import detail, holdout, listing, wizard

app_name = "campaign"
urlpatterns = [
    path("", listing.CampaignList.as_view(), name="campaigns"),
    path("plan/", listing.PlanPage.as_view(), name="plan"),
    path("plan/new/", listing.edit_plan, name="plan-new"),
    path("plan/<int:pk>/", listing.edit_plan, name="plan-edit"),
    path("calendar/", listing.CalendarPage.as_view(), name="calendar"),
    path("hold-out/", holdout.universal_holdout, name="hold-out"),
    path("audience/", wizard.audience_count, name="audience"),
    path("audience/details/", wizard.audience_details, name="audience-details"),
    path("new/", wizard.NewCampaign.as_view(), name="campaign-new"),
    path("<slug:code>/", detail.CampaignPage.as_view(), name="campaign"),
    path("<slug:code>/edit/", wizard.EditCampaign.as_view(), name="campaign-edit"),
    path("<slug:code>/copy/", wizard.CopyCampaign.as_view(), name="campaign-copy"),
    path("<slug:code>/move/", detail.MoveCampaign.as_view(), name="campaign-switch"),
    path("<slug:code>/members/", detail.MemberList.as_view(), name="members"),
]
