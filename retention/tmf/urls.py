"""/tmf-api/: two addresses for each resource."""

from django.urls import URLPattern, path

from retention.tmf import schema
from retention.tmf.fields.base import Resource
from retention.tmf.serializers import RESOURCES
from retention.tmf.views import NotServed, ResourceItem, ResourceList


def addresses(resource: Resource) -> list[URLPattern]:
    pages = type(
        f"{resource.type}List",
        (ResourceList,),
        {"resource": resource, "get": schema.list_operation(resource)(_own(ResourceList))},
    )
    item = type(
        f"{resource.type}Item",
        (ResourceItem,),
        {"resource": resource, "get": schema.item_operation(resource)(_own(ResourceItem))},
    )
    return [
        path(resource.path, pages.as_view(), name=f"{resource.type}-list"),
        path(f"{resource.path}/<path:id>", item.as_view(), name=resource.type),
    ]


def _own(view: type) -> object:
    """The view's method as a separate function for this resource, to which its OpenAPI description is attached."""

    def get(self: ResourceList, *args: object, **kwargs: object) -> object:
        return view.get(self, *args, **kwargs)  # type: ignore[attr-defined]

    return get


app_name = "tmf"
urlpatterns = [
    *(address for resource in RESOURCES for address in addresses(resource)),
    path("<path:rest>", NotServed.as_view(), name="not-served"),
]
