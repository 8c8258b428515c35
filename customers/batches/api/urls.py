from django.urls import path

from customers.batches.api.views import Batch, Batches, BatchesOf, Discard, Errors, Events, NoSuchBatch, Release, RowOf
from customers.ingest.resources import RESOURCES

# A route per resource, so that OpenAPI shows its fields; the general one answers for unknown names.
urlpatterns = [
    path("batches", Batches.as_view(), name="batches"),
    path("batches/<uuid:number>", Batch.as_view(), name="batch"),
    path("batches/<uuid:number>/errors", Errors.as_view(), name="batch-errors"),
    path("batches/<uuid:number>/release", Release.as_view(), name="batch-release"),
    path("batches/<uuid:number>/discard", Discard.as_view(), name="batch-discard"),
    *(path(f"batches/{one.name}", BatchesOf.as_view(resource=one), name="batches-of") for one in RESOURCES.values()),
    path("batches/<str:resource>", NoSuchBatch.as_view(), name="batches-unknown"),
    path("events", Events.as_view(), name="events"),
    *(path(f"{one.name}/<path:key>", RowOf.as_view(resource=one), name="row") for one in RESOURCES.values()),
]
