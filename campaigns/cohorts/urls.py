from django.urls import path

from campaigns.cohorts.views import detail, editing, listing, members

app_name = "cohorts"
urlpatterns = [
    path("", listing.CohortList.as_view(), name="cohorts"),
    path("new/", editing.NewCohort.as_view(), name="cohort-new"),
    path("mine/", members.OwnMembers.as_view(), name="mine"),
    path("<slug:code>/", detail.CohortPage.as_view(), name="cohort"),
    path("<slug:code>/edit/", editing.EditCohort.as_view(), name="cohort-edit"),
    path("<slug:code>/copy/", editing.CopyCohort.as_view(), name="cohort-copy"),
    path("<slug:code>/switch/", editing.SwitchCohort.as_view(), name="cohort-switch"),
    path("<slug:code>/freeze/", editing.FreezeCohort.as_view(), name="cohort-freeze"),
    path("<slug:code>/share-out/", editing.ShareOutCohort.as_view(), name="cohort-share-out"),
    path("<slug:code>/members/", members.MemberList.as_view(), name="members"),
    path("<slug:code>/members/<int:pk>/", members.member_page, name="member"),
    path("<slug:code>/give/", members.give, name="give"),
]
