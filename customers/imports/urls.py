from django.urls import path

from customers.views.imports import columns, listing, mappings, preview, running, upload

app_name = "imports"

urlpatterns = [
    path("", listing.import_list, name="list"),
    path("new/", upload.new_import, name="new"),
    path("mappings/", mappings.mapping_list, name="mappings"),
    path("mappings/<int:pk>/delete/", mappings.delete, name="mapping-delete"),
    path("<int:pk>/", running.import_page, name="detail"),
    path("<int:pk>/sheet/", upload.choose_sheet, name="sheet"),
    path("<int:pk>/columns/", columns.columns_page, name="columns"),
    path("<int:pk>/mapping/", mappings.use, name="mapping-use"),
    path("<int:pk>/mapping.toml", mappings.download, name="mapping"),
    path("<int:pk>/preview/", preview.preview_page, name="preview"),
    path("<int:pk>/run/", running.run, name="run"),
    path("<int:pk>/delete/", upload.delete, name="delete"),
    path("<int:pk>/rejected/", running.rejected, name="rejected"),
]
