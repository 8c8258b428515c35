from django.urls import path

from workorders.quality.views import calibrations, results, reviews, settings

app_name = "quality"

urlpatterns = [
    path("reviews/", reviews.ReviewList.as_view(), name="reviews"),
    path("reviews/<int:pk>/", reviews.review_page, name="review"),
    path("reviews/<int:pk>/finish/", reviews.finish, name="finish"),
    path("reviews/<int:pk>/answer/", reviews.send_answer, name="answer"),
    path("orders/<str:order_no>/", reviews.choose, name="choose"),
    path("mine/", reviews.OwnReviews.as_view(), name="mine"),
    path("mine/<int:pk>/", reviews.own_page, name="own"),
    path("mine/<int:pk>/reply/", reviews.send_reply, name="reply"),
    path("results/", results.Results.as_view(), name="results"),
    path("calibrations/", calibrations.CalibrationList.as_view(), name="calibrations"),
    path("calibrations/new/", calibrations.new_calibration, name="calibration-new"),
    path("calibrations/<int:pk>/", calibrations.calibration_page, name="calibration"),
    path("calibrations/<int:pk>/close/", calibrations.close, name="calibration-close"),
    path("sheets/", settings.SheetList.as_view(), name="scoresheets"),
    path("sheets/new/", settings.NewSheet.as_view(), name="scoresheet-new"),
    path("sheets/<slug:code>/", settings.SheetPage.as_view(), name="scoresheet"),
    path("sheets/<slug:code>/edit/", settings.EditSheet.as_view(), name="scoresheet-edit"),
    path("sheets/<slug:code>/copy/", settings.CopySheet.as_view(), name="scoresheet-copy"),
    path("sheets/<slug:code>/switch/", settings.SwitchSheet.as_view(), name="scoresheet-switch"),
    path("rules/", settings.RuleList.as_view(), name="samplerules"),
    path("rules/new/", settings.NewRule.as_view(), name="samplerule-new"),
    path("rules/<slug:code>/", settings.RulePage.as_view(), name="samplerule"),
    path("rules/<slug:code>/edit/", settings.EditRule.as_view(), name="samplerule-edit"),
    path("rules/<slug:code>/copy/", settings.CopyRule.as_view(), name="samplerule-copy"),
    path("rules/<slug:code>/switch/", settings.SwitchRule.as_view(), name="samplerule-switch"),
    path("rules/<slug:code>/draw/", settings.draw_last_week, name="draw"),
]
