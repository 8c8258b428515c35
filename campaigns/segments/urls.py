from django.urls import path

from campaigns.segments.views import cell, editing, lines, matrix, migration

app_name = "segments"
urlpatterns = [
    path("", matrix.SegmentsHome.as_view(), name="segmentations"),
    path("new/", editing.NewSegmentation.as_view(), name="segmentation-new"),
    path("<slug:code>/", matrix.MatrixPage.as_view(), name="segmentation"),
    path("<slug:code>/edit/", editing.EditSegmentation.as_view(), name="segmentation-edit"),
    path("<slug:code>/copy/", editing.CopySegmentation.as_view(), name="segmentation-copy"),
    path("<slug:code>/switch/", editing.SwitchSegmentation.as_view(), name="segmentation-switch"),
    path("<slug:code>/migration/", migration.MigrationPage.as_view(), name="migration"),
    path("<slug:code>/lines/<str:place>/", lines.SegmentLines.as_view(), name="lines"),
    path("<slug:code>/lines/<str:place>/<str:month>/", lines.SegmentLines.as_view(), name="lines-at"),
    path("<slug:code>/moved/<str:month>/<str:before>/<str:after>/", lines.SegmentLines.as_view(), name="moved"),
    path("<slug:code>/assign/", cell.assign, name="assign"),
    path("<slug:code>/cells/<str:place>/", cell.CellPage.as_view(), name="cell"),
]
