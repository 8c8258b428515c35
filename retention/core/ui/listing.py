"""The list page: one declaration of a list gives its page, its filters, its order and its exports.

class JobList(ListPage):
    name = "jobs"                                  # of the list: export file, audit entry, background export
    permission = "jobs.view"
    table_class = JobTable                         # its caption is the title
    filterset_class = JobFilter                    # django-filter; a page with other needs sets form_class

    def get_queryset(self): return Job.objects.for_list()

path("jobs/", JobList.as_view(), name="jobs")

`?export=csv|xlsx` gives all matching rows in the order seen. It takes the permission `export` and leaves one audit
entry (list, kind, filters, rows). More than INLINE_LIMIT rows are written in the background (retention.core.exports).
"""

from collections.abc import Callable, Sequence
from functools import cached_property
from typing import Any, ClassVar, Self

import django_filters
from django import forms
from django.core.exceptions import PermissionDenied
from django.http import QueryDict
from django.http.response import HttpResponseBase
from django.shortcuts import render
from django.utils.decorators import classonlymethod
from django.views import View

from retention.core import clock
from retention.core.accounts.models import User
from retention.core.accounts.permissions import StaffRequest, require
from retention.core.audit import services as audit
from retention.core.ui.figures import figure_sentence
from retention.core.ui.filters import chips_for, refuse_nul
from retention.core.ui.tables import exports, files
from retention.core.ui.tables.base import BaseTable
from retention.core.ui.tables.exports import export_name, file_response, filters_of, wants_export
from retention.core.ui.tables.sheets import Sheet, about_lines

REGISTRY: dict[str, type["ListPage"]] = {}
# Takes a list of more than INLINE_LIMIT rows and answers with where its file will be: set by retention.core.exports.
BackgroundExport = Callable[["ListPage", str], HttpResponseBase]
_background: BackgroundExport | None = None


def set_background_export(handler: BackgroundExport) -> None:
    """Declare who writes large exports; called once, when the apps are ready."""
    global _background  # noqa: PLW0603
    _background = handler


class ListPage(View):
    """A view of one list. `get_queryset` is the only method that every page writes.

    name: unique; see REGISTRY. permission: of the page. export_permission: of its files. filterset_class filters what
    get_queryset returns; form_class is a plain form that get_queryset reads as `self.form`. title: by default the
    table's caption. subtitle: a sentence below it. parent: (name of the view, label) of the page above. template_name:
    of a page that shows more than its list; it extends core/list.html.
    """

    name: ClassVar[str] = ""
    permission: ClassVar[str] = ""
    export_permission: ClassVar[str] = "export"
    template_name: ClassVar[str] = "core/list.html"
    title: ClassVar[Any] = ""
    subtitle: ClassVar[Any] = ""
    parent: ClassVar[tuple[str, Any] | None] = None
    table_class: ClassVar[type[BaseTable]] = BaseTable
    filterset_class: ClassVar[type[django_filters.FilterSet] | None] = None
    form_class: ClassVar[type[forms.Form] | None] = None
    required_permission: ClassVar[str] = ""
    http_method_names = ["get", "head"]
    request: StaffRequest

    def __init_subclass__(cls, **kwargs: Any) -> None:
        super().__init_subclass__(**kwargs)
        cls.required_permission = cls.permission  # where the system check of views looks for it
        if cls.name:
            known = REGISTRY.setdefault(cls.name, cls)
            if (known.__module__, known.__qualname__) != (cls.__module__, cls.__qualname__):
                raise ValueError(f"two lists are named {cls.name!r}")

    @classonlymethod
    def as_view(cls, **initkwargs: Any) -> Callable[..., HttpResponseBase]:
        return require(cls.permission)(super().as_view(**initkwargs))

    @classmethod
    def of_query(cls, *, user: User, query: str, **arguments: Any) -> Self:
        """The list as `user` sees it at an address with this query string: for all rows of a bulk action, and for
        exports in the background."""
        request = StaffRequest()
        request.method, request.GET, request.user = "GET", QueryDict(query), user
        refuse_nul(request.GET)
        page = cls()
        page.setup(request, **arguments)
        return page

    # Attributes that a page declares.

    def get_queryset(self) -> Any:
        """All rows that the person may see: a queryset, a list, or whatever the table takes."""
        raise NotImplementedError

    def get_form_kwargs(self) -> dict[str, Any]:
        """Further arguments of form_class or filterset_class."""
        return {}

    def get_table_class(self) -> type[BaseTable]:
        return self.table_class

    def get_table_kwargs(self) -> dict[str, Any]:
        return {}

    def get_notes(self) -> Sequence[tuple[str, str]]:
        """Further lines (name, text) for the About sheet of a workbook."""
        return ()

    def get_export_name(self) -> str:
        """The first bytes of the file."""
        return self.name

    def get_context_data(self) -> dict[str, Any]:
        counted = figure_sentence(self.cleaned.get("figure", ""), self.user)
        return {"view": self, "form": self.form, "table": self.table.paged(), "counted": counted}

    # Attributes that every page has.

    @property
    def query(self) -> QueryDict:
        return self.request.GET

    @property
    def user(self) -> User:
        return self.request.user

    @cached_property
    def filterset(self) -> django_filters.FilterSet | None:
        if self.filterset_class is None:
            return None
        return self.filterset_class(
            self.query, queryset=self.get_queryset(), request=self.request, **self.get_form_kwargs()
        )

    @cached_property
    def form(self) -> forms.Form | None:
        if self.filterset is not None:
            return self.filterset.form
        return self.form_class(self.query, **self.get_form_kwargs()) if self.form_class else None

    @property
    def cleaned(self) -> dict[str, Any]:
        """The values of a valid form_class form, else nothing: an address that makes no sense filters nothing."""
        return self.form.cleaned_data if self.form is not None and self.form.is_valid() else {}

    def get_rows(self) -> Any:
        """The rows that match the filters of the address. A filter with an impossible value filters nothing."""
        return self.get_queryset() if self.filterset is None else self.filterset.qs

    @cached_property
    def table(self) -> BaseTable:
        return self.prepare(self.get_table_class()(self.get_rows(), request=self.request, **self.get_table_kwargs()))

    def prepare(self, table: BaseTable) -> BaseTable:
        """A table of this page; export links only with the permission to export."""
        table.exportable = table.exportable and self.user.may(self.export_permission)
        return table

    def get(self, request: StaffRequest, **arguments: Any) -> HttpResponseBase:
        kind = wants_export(request)
        return self.export(kind) if kind else self.render_page()

    def render_page(self) -> HttpResponseBase:
        return render(self.request, self.template_name, self.get_context_data())

    def export(self, kind: str) -> HttpResponseBase:
        """The list as a file, or the page where the file will be. 403 without the permission.

        Invalid for more rows than the kind of file holds.
        """
        if not self.table.exportable:
            raise PermissionDenied(self.export_permission)
        if kind == "xlsx" and self.table.exceeds(files.MAX_SHEET_ROWS):
            raise files.too_many_rows()
        if self.table.exceeds(exports.INLINE_LIMIT) and _background is not None:
            return _background(self, kind)
        sheet = self.get_sheet()
        rows = list(sheet.rows)
        self.record_export(kind, rows=len(rows))
        return file_response(sheet.with_rows(rows), kind)

    def record_export(self, kind: str, *, rows: int) -> None:
        """The audit entry of one export: target the list's name; detail kind, filters (arguments too), rows."""
        filters = {name: str(value) for name, value in self.kwargs.items()} | filters_of(self.query)
        audit.record(actor=self.user, action="export", target=self.name, kind=kind, filters=filters, rows=rows)

    def get_sheet(self) -> Sheet:
        """The whole list as it would be exported now."""
        table, at = self.table.ordered(), clock.now()
        chips = chips_for(self.form, self.query) if self.form is not None else []
        about = about_lines(
            str(table.caption),
            filters=[(chip.label, chip.value) for chip in chips],
            order=table.order_text,
            person=self.user.display_name,
            at=at,
            notes=self.get_notes(),
        )
        return table.sheet(name=export_name(self.get_export_name(), self.query, at=at), about=about)


def restore_list(*, name: str, query: str, arguments: dict[str, Any], user: User) -> ListPage:
    """The list as `user` sees it at the address with this query string. KeyError for a name that is not registered."""
    return REGISTRY[name].of_query(user=user, query=query, **arguments)
