"""DRF's side of the door: a view that names no permission denies everyone."""

from rest_framework.permissions import BasePermission
from rest_framework.request import Request
from rest_framework.views import APIView


class ClosedByDefault(BasePermission):
    def has_permission(self, request: Request, view: APIView) -> bool:
        needed = getattr(view, "required_permission", None)
        user = request.user
        return bool(needed and user and user.is_authenticated and user.may(needed))
