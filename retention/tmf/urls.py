"""/tmf-api/: two addresses for each face."""

from django.urls import URLPattern, path

from retention.tmf import described
from retention.tmf.face import Face
from retention.tmf.faces import FACES
from retention.tmf.views import FaceItem, FaceList


def addresses(face: Face) -> list[URLPattern]:
    pages = type(f"{face.type}List", (FaceList,), {"face": face, "get": described.listed(face)(_own(FaceList))})
    item = type(f"{face.type}Item", (FaceItem,), {"face": face, "get": described.one(face)(_own(FaceItem))})
    return [
        path(face.path, pages.as_view(), name=f"{face.type}-list"),
        path(f"{face.path}/<path:id>", item.as_view(), name=face.type),
    ]


def _own(view: type) -> object:
    """The view's method as a function of this face alone: its description is written onto it."""

    def get(self: FaceList, *args: object, **kwargs: object) -> object:
        return view.get(self, *args, **kwargs)  # type: ignore[attr-defined]

    return get


app_name = "tmf"
urlpatterns = [address for face in FACES for address in addresses(face)]
