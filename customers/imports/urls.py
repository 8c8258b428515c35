from django.urls import path

from customers.imports.views import columns, detail, mappings, preview, uploads

app_name = "imports"

urlpatterns = [
    path("", uploads.ImportList.as_view(), name="list"),
    path("new/", uploads.new_import, name="new"),
    path("mappings/", mappings.MappingList.as_view(), name="mappings"),
    path("mappings/<int:pk>/delete/", mappings.delete, name="mapping-delete"),
    path("<int:pk>/", detail.ImportPage.as_view(), name="detail"),
    path("<int:pk>/sheet/", uploads.choose_sheet, name="sheet"),
    path("<int:pk>/columns/", columns.columns_page, name="columns"),
    path("<int:pk>/mapping/", mappings.use, name="mapping-use"),
    path("<int:pk>/mapping.toml", mappings.download, name="mapping"),
    path("<int:pk>/preview/", preview.preview_page, name="preview"),
    path("<int:pk>/run/", detail.run, name="run"),
    path("<int:pk>/delete/", uploads.delete, name="delete"),
    path("<int:pk>/rejected/", detail.rejected, name="rejected"),
]
