"""Base of all pages of a kind."""

from typing import Any

from django.core.exceptions import PermissionDenied
from django.db.models import QuerySet
from django.http import HttpRequest
from django.http.response import HttpResponseBase
from django.urls import reverse
from django.utils.functional import classproperty

from retention.core.accounts.models import User
from retention.core.managed.forms import ManagedForm
from retention.core.managed.models import Managed
from retention.core.managed.queries import rows_for
from retention.core.managed.text import FieldText, Words


class ManagedPage:
    """Mixin of a kind's views: subclass it once for the kind, then combine that with the views of this package.

    model, kind_form; templates: folder of the kind's detail.html and edit.html. URL names are "<model>s" (list),
    "<model>", "<model>-new", "<model>-edit", "<model>-copy" and "<model>-switch" in the namespace of the request.
    """

    model: type[Managed]
    kind_form: type[ManagedForm]
    templates: str
    page_name: str
    slug_field = slug_url_kwarg = "code"
    request: HttpRequest

    @classproperty
    def required_permission(cls) -> str:  # noqa: N805
        return cls.model.view_permission

    @property
    def user(self) -> User:
        assert isinstance(self.request.user, User), "LoginRequiredMiddleware lets in signed-in staff only"
        return self.request.user

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        if not self.user.may(self.required_permission):
            raise PermissionDenied(self.required_permission)
        return super().dispatch(request, *args, **kwargs)  # type: ignore[misc]

    def get_queryset(self) -> QuerySet:
        return rows_for(self.model, self.user)

    def get_template_names(self) -> list[str]:
        return [f"{self.templates}/{self.page_name}.html", f"core/managed/{self.page_name}.html"]

    def get_words(self) -> Words:
        """{field: function from its value to text} for values that need more than the model's labels."""
        return {}

    def field_text(self) -> FieldText:
        return FieldText(self.model, self.get_words())

    def url(self, page: str = "", code: str = "") -> str:
        """The address of a page of this kind: "" (the row), "edit", "copy", "switch", "new" or "s" (the list)."""
        ending = page if page in ("", "s") else f"-{page}"
        assert self.request.resolver_match is not None, "a page is answered at an address"
        name = f"{self.request.resolver_match.namespace}:{self.model._meta.model_name}{ending}"
        return reverse(name, args=[code] if code else [])

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        options = self.model._meta
        row = getattr(self, "object", None)
        urls = {page: self.url(page, row.code) for page in ("edit", "copy", "switch")} if row else {}
        if row:
            urls["row"] = self.url("", row.code)
        shared = {
            "urls": urls | {"list": self.url("s"), "new": self.url("new")},
            "kind": options.verbose_name,
            "kinds": options.verbose_name_plural,
        }
        return super().get_context_data(**shared | kwargs)  # type: ignore[misc]
