"""The list of a kind."""

from typing import Any

from django.urls import reverse

from retention.core.managed.models import Managed
from retention.core.ui.listing import ListPage


class ManagedList(ListPage):
    """Declare `model` beside what every ListPage declares; core/managed/list.html shows it."""

    model: type[Managed]
    template_name = "core/managed/list.html"

    def get_context_data(self) -> dict[str, Any]:
        options = self.model._meta
        assert self.request.resolver_match is not None, "a page is answered at an address"
        namespace = self.request.resolver_match.namespace
        return super().get_context_data() | {
            "kind": options.verbose_name,
            "kinds": options.verbose_name_plural,
            "may_make": self.user.may(self.model.edit_permission),
            "new_url": reverse(f"{namespace}:{options.model_name}-new"),
        }
