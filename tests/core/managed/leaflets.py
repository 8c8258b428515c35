"""A kind of managed row that exists in tests only: nothing but a model, a form, a table and addresses."""

from django.apps.registry import Apps
from django.urls import include, path, reverse

from retention import urls
from retention.core.accounts.models import Branch, User
from retention.core.managed.forms import ManagedForm
from retention.core.managed.models import Approvable
from retention.core.managed.queries import rows_for
from retention.core.managed.views.approval import ApprovalPage, ManagedApproval
from retention.core.managed.views.base import ManagedPage
from retention.core.managed.views.detail import ManagedDetail
from retention.core.managed.views.editing import ManagedCopy, ManagedCreate, ManagedSwitch, ManagedUpdate
from retention.core.managed.views.listing import ManagedList
from retention.core.ui.tables.base import BaseTable
from retention.core.ui.tables.columns import Column, SwitchColumn

# A registry of its own: no other test sees the kind or deletes branches through its table.
REGISTRY = Apps()
REGISTRY.all_models["core"].update(branch=Branch, user=User)


class Leaflet(Approvable):
    editable = ("name", "name_zh", "branch")
    view_permission, edit_permission, approve_permission = "offers.view", "offers.edit", "offers.edit"

    class Meta(Approvable.Meta):
        apps, app_label = REGISTRY, "core"
        verbose_name, verbose_name_plural = "leaflet", "leaflets"


class LeafletForm(ManagedForm):
    model = Leaflet


class LeafletTable(BaseTable):
    name = Column(verbose_name="Name")
    enabled = SwitchColumn()

    def row_url(self, record):
        return reverse("leaflets:leaflet", args=[record.code])


class LeafletPages(ManagedPage):
    model, kind_form, templates = Leaflet, LeafletForm, "none"


class LeafletList(ManagedList):
    model, name, permission, table_class = Leaflet, "leaflets", "offers.view", LeafletTable

    def get_queryset(self):
        return rows_for(Leaflet, self.user)


class LeafletPage(LeafletPages, ApprovalPage, ManagedDetail): ...


class NewLeaflet(LeafletPages, ManagedCreate): ...


class EditLeaflet(LeafletPages, ManagedUpdate): ...


class CopyLeaflet(LeafletPages, ManagedCopy): ...


class SwitchLeaflet(LeafletPages, ManagedSwitch): ...


class ApproveLeaflet(LeafletPages, ManagedApproval): ...


LEAFLETS = [
    path("", LeafletList.as_view(), name="leaflets"),
    path("new/", NewLeaflet.as_view(), name="leaflet-new"),
    path("<slug:code>/", LeafletPage.as_view(), name="leaflet"),
    path("<slug:code>/edit/", EditLeaflet.as_view(), name="leaflet-edit"),
    path("<slug:code>/copy/", CopyLeaflet.as_view(), name="leaflet-copy"),
    path("<slug:code>/switch/", SwitchLeaflet.as_view(), name="leaflet-switch"),
    path("<slug:code>/approval/", ApproveLeaflet.as_view(), name="leaflet-approval"),
]
urlpatterns = [path("leaflets/", include((LEAFLETS, "leaflets"))), *urls.urlpatterns]
