"""The versions of a row: who made each and when, two of them side by side, and the way back to one."""

from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.views.generic import DetailView, View

from retention.core.errors import Conflict, Invalid
from retention.core.managed.models import Managed
from retention.core.managed.permissions import may_decide
from retention.core.managed.tables import VersionDifferenceTable, VersionTable
from retention.core.managed.versions import Version, restore, versions_of
from retention.core.managed.views.base import ManagedPage
from retention.core.managed.views.editing import ManagedWrite
from retention.core.ui.filters import parse_number


class ManagedVersions(ManagedPage, DetailView):
    """GET `old`, `new`: the numbers of the versions to compare, by default the last two."""

    page_name = "versions"
    http_method_names = ["get"]

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        versions, text = versions_of(self.object), self.field_text()
        new = self._asked("new", versions) or versions[0]
        old = self._asked("old", versions) or next((one for one in versions if one.number < new.number), new)
        differences = [
            {"label": text.label(name), "old": text.value(name, old.values[name]), "new": text.value(name, value)}
            for name, value in new.values.items()
            if old.values[name] != value
        ]
        may_edit = may_decide(actor=self.user, permission=self.model.edit_permission, branch=self.object.branch)
        return super().get_context_data(**kwargs) | {
            "versions": versions,
            "version_table": VersionTable(versions, text=text),
            "old": old,
            "new": new,
            "difference_table": VersionDifferenceTable(differences),
            "may_restore": may_edit and old.number != self.object.version,
            "restore_url": self.url("restore", self.object.code),
        }

    def _asked(self, name: str, versions: list[Version]) -> Version | None:
        number = parse_number(self.request.GET.get(name, ""))
        return next((one for one in versions if one.number == number), None)


class ManagedRestore(ManagedWrite, View):
    """POST `number`: the version to go back to; `version`: the one that the person was shown as the present one."""

    http_method_names = ["post"]

    def restore(self, **asked: Any) -> Managed:
        return restore(model=self.model, actor=self.user, **asked)

    def post(self, request: HttpRequest, code: str) -> HttpResponse:
        number, version = (parse_number(request.POST.get(name, "")) or 0 for name in ("number", "version"))
        try:
            self.restore(code=code, number=number, version=version)
        except (Invalid, Conflict) as problem:
            messages.error(request, str(problem))
            return redirect(self.url("versions", code))
        messages.success(request, _("As in version %(number)s again.") % {"number": number})
        return redirect(self.url("", code))
