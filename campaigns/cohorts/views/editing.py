"""Making, changing, copying, switching, freezing and allotting cohorts."""

from datetime import date
from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext
from django.views.generic import UpdateView

from campaigns.audiences.builder.forms import Draft
from campaigns.audiences.builder.views import RuleEditing
from campaigns.audiences.rules import clean
from campaigns.cohorts.forms import FreezeForm, ShareOutForm
from campaigns.cohorts.services.allotment import share_out
from campaigns.cohorts.services.freezing import freezable_dates, freeze_cohort
from campaigns.cohorts.views.detail import CohortPages
from retention.core import clock
from retention.core.errors import Conflict, Invalid
from retention.core.managed.forms import ManagedForm
from retention.core.managed.views.editing import (
    ManagedCopy,
    ManagedCreate,
    ManagedSwitch,
    ManagedUpdate,
    ManagedWrite,
    attach_errors,
)
from retention.core.ui import formats


class CohortEditing(RuleEditing, CohortPages):
    who = gettext_lazy("Who is frozen")
    finds = gettext_lazy("Whom it holds for now")

    def draft(self) -> Draft:
        """Of a frozen cohort the rule that was frozen, whatever is sent."""
        return self.object.rule if self.object and self.object.frozen_on else super().draft()

    def values(self, form: ManagedForm) -> dict[str, Any]:
        """The rule is read here: the table of cohorts stands below the rule language."""
        values = super().values(form)
        return values | {"rule": clean(values["rule"])}


class NewCohort(CohortEditing, ManagedCreate):
    pass


class EditCohort(CohortEditing, ManagedUpdate):
    pass


class CopyCohort(CohortPages, ManagedCopy):
    """The copy is a draft with the same rule, to be frozen on another date."""


class SwitchCohort(CohortPages, ManagedSwitch):
    pass


class CohortStep(CohortPages, ManagedWrite, UpdateView):
    """A form about one cohort, answered like those of managed rows; it leads back to the cohort. here: its title."""

    here: Promise

    def get_template_names(self) -> list[str]:
        return [f"{self.templates}/{self.page_name}.html"]

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        return super().get_context_data(here=self.here, **kwargs)

    def act(self, form: Any) -> str:
        """Do it; returns what to say."""
        raise NotImplementedError

    def form_valid(self, form: Any) -> HttpResponse:
        try:
            done = self.act(form)
        except (Invalid, Conflict) as problem:
            attach_errors(form, problem)
            return self.render_to_response(self.get_context_data(form=form), status=problem.status)
        messages.success(self.request, done)
        return redirect(self.url("", self.object.code))

    def form_invalid(self, form: Any) -> HttpResponse:
        return self.render_to_response(self.get_context_data(form=form), status=422)


class FreezeCohort(CohortStep):
    page_name = "freeze"
    here = gettext_lazy("Freeze")

    def get_form(self, form_class: Any = None) -> Any:
        sent = self.request.POST if self.request.method == "POST" else None
        dates = freezable_dates(until=clock.today())
        return FreezeForm(sent, dates=dates, initial={"version": self.object.version})

    def act(self, form: FreezeForm) -> str:
        sent = form.cleaned_data
        row = freeze_cohort(
            actor=self.user, code=self.object.code, version=sent["version"], on=date.fromisoformat(sent["on"]),
            confirmed=sent["confirmed"], now=clock.now(),
        )  # fmt: skip
        text = ngettext(
            "Frozen with %(count)s member. Give it an owner.", "Frozen with %(count)s members. Give them owners.",
            row.members,
        )  # fmt: skip
        return text % {"count": formats.number(row.members)}


class ShareOutCohort(CohortStep):
    page_name = "share_out"
    here = gettext_lazy("Share out")

    def get_form(self, form_class: Any = None) -> Any:
        return ShareOutForm(self.request.POST if self.request.method == "POST" else None, user=self.user)

    def act(self, form: ShareOutForm) -> str:
        sent = form.cleaned_data
        found = share_out(
            actor=self.user, code=self.object.code, owners=list(sent["owners"]), keep_groups=sent["keep_groups"],
            now=clock.now(),
        )  # fmt: skip
        given = ngettext("%(count)s member has an owner now.", "%(count)s members have an owner now.", found.members)
        text = given % {"count": formats.number(found.members)}
        if found.left:
            left = _("%(count)s are left: no owner's branch is at or above theirs.")
            text = f"{text} {left % {'count': formats.number(found.left)}}"
        return text

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        open_members = self.object.lines.visible_to(self.user).filter(owner=None).count()
        return super().get_context_data(open_members=open_members, **kwargs)
