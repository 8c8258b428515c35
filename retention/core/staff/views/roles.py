"""What each role may do."""

from django.http import HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from retention.core.accounts.permissions import StaffRequest, require
from retention.core.administration.views import INDEX
from retention.core.staff.queries import people
from retention.core.staff.tables import PermissionTable, RoleTable
from retention.core.staff.text import permission_rows, role_rows


@require("staff.view")
@require_safe
def roles_page(request: StaffRequest) -> HttpResponse:
    counted = people().visible_to(request.user).count_by_role()
    context = {
        "roles": RoleTable(role_rows(counted)),
        "permissions": PermissionTable(permission_rows()),
        "parents": [*INDEX],
    }
    return render(request, "core/staff/roles.html", context)
