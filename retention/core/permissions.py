"""DRF's side of the door: a view that names no permission denies everyone."""

from typing import TYPE_CHECKING

from rest_framework.permissions import BasePermission
from rest_framework.request import Request

if TYPE_CHECKING:  # rest_framework.views reads its settings while it loads, and these name this module
    from rest_framework.views import APIView


class ClosedByDefault(BasePermission):
    def has_permission(self, request: Request, view: "APIView") -> bool:
        needed = getattr(view, "required_permission", None)
        user = request.user
        return bool(needed and user and user.is_authenticated and user.may(needed))
