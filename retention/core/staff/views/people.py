"""The list of people, one person with history, and what may be done to an account."""

from datetime import timedelta
from typing import Any

from django.contrib import messages
from django.db.models import Q
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_POST, require_safe

from retention.core import clock
from retention.core.accounts.models import User
from retention.core.accounts.permissions import StaffRequest, require
from retention.core.administration.views import INDEX, RowPage
from retention.core.errors import NotFound
from retention.core.managed.tables import HistoryTable
from retention.core.managed.text import Words
from retention.core.staff import services
from retention.core.staff.forms import NewPersonForm, PeopleFilterForm, PersonForm
from retention.core.staff.panels import panels_of
from retention.core.staff.queries import PeopleQuerySet, history_of_person, locked_names, people
from retention.core.staff.rules import may_change
from retention.core.staff.services import NewPassword
from retention.core.staff.tables import PeopleTable
from retention.core.staff.text import PERSON_WORDS, format_person_history, person_facts
from retention.core.ui.listing import ListPage

PEOPLE = ("core:people", gettext_lazy("People"))
HISTORY_LIMIT = 50


class PeopleList(ListPage):
    name = "people"
    permission = "staff.view"
    table_class, form_class = PeopleTable, PeopleFilterForm
    template_name = "core/staff/people.html"
    parent = INDEX

    def get_form_kwargs(self) -> dict[str, Any]:
        return {"user": self.user}

    def get_table_kwargs(self) -> dict[str, Any]:
        return {"locked": locked_names()}

    def get_context_data(self) -> dict[str, Any]:
        return super().get_context_data() | {"may_edit": self.user.may("staff.edit")}

    def get_queryset(self) -> PeopleQuerySet:
        rows, asked = people().visible_to(self.user).for_list(), self.cleaned
        if words := asked.get("q"):
            rows = rows.filter(
                Q(username__icontains=words) | Q(first_name__icontains=words) | Q(last_name__icontains=words)
            )
        if role := asked.get("role"):
            rows = rows.filter(role=role)
        if branch := asked.get("branch"):
            rows = rows.filter(branch__path__startswith=branch.path)
        if team := asked.get("team"):
            rows = rows.filter(teams=team)
        return self._by_sign_in(self._by_account(rows, asked.get("active", "")), asked.get("signed_in", ""))

    def _by_account(self, rows: PeopleQuerySet, active: str) -> PeopleQuerySet:
        if active == "locked":
            return rows.filter(username__in=locked_names())
        return rows.filter(is_active=active == "yes") if active else rows

    def _by_sign_in(self, rows: PeopleQuerySet, asked: str) -> PeopleQuerySet:
        if asked == "never":
            return rows.filter(last_login=None)
        return rows.signed_in_before(clock.now() - timedelta(days=int(asked))) if asked else rows


@require("staff.view")
@require_safe
def person_page(request: StaffRequest, username: str) -> HttpResponse:
    person = _visible(request, username)
    is_locked = person.username in locked_names()
    changes = format_person_history(history_of_person(username)[:HISTORY_LIMIT])
    context = {
        "person": person,
        "facts": person_facts(person, is_locked=is_locked),
        "is_locked": is_locked,
        "may_change": may_change(actor=request.user, person=person),
        "is_own": person.pk == request.user.pk,
        "panels": panels_of(person, reader=request.user),
        "history": HistoryTable(changes) if changes else None,
        "parents": [*INDEX, *PEOPLE],
    }
    return render(request, "core/staff/person.html", context)


class PersonPages(RowPage):
    permission = "staff.edit"

    def get_parents(self) -> list[Any]:
        return [*PEOPLE]

    def get_words(self) -> Words:
        return PERSON_WORDS


class NewPerson(PersonPages):
    form_class = NewPersonForm
    title = gettext_lazy("New person")
    note = gettext_lazy(
        "The next page shows a password once. With it the person signs in for the first time and must then choose an "
        "own one."
    )

    def get_row(self) -> None:
        return None

    def save(self, form: NewPersonForm) -> HttpResponse:
        values = form.values()
        username = values.pop("username")
        made = services.create_person(actor=self.request.user, username=username, values=values, now=clock.now())
        return _password_page(self.request, made, is_new=True)


class EditPerson(PersonPages):
    form_class = PersonForm

    def get_row(self) -> User:
        return _visible(self.request, self.kwargs["username"])

    def get_title(self) -> str:
        return _("Edit %(name)s") % {"name": self.row.display_name}

    def get_parents(self) -> list[Any]:
        return [*PEOPLE, reverse("core:person", args=[self.row.username]), self.row.display_name]

    def save(self, form: PersonForm) -> str:
        person = services.change_person(
            actor=self.request.user,
            username=self.kwargs["username"],
            values=form.values(),
            seen=form.read_seen(),
            now=clock.now(),
        )
        return reverse("core:person", args=[person.username])


@require("staff.edit")
@require_POST
def switch_person(request: StaffRequest, username: str) -> HttpResponse:
    """POST `to`: on or off."""
    active = request.POST.get("to") == "on"
    person = services.set_active(actor=request.user, username=username, active=active, now=clock.now())
    word = _("%(name)s may sign in again.") if active else _("%(name)s is deactivated; open orders went back.")
    messages.success(request, word % {"name": person.display_name})
    return redirect("core:person", username)


@require("staff.edit")
@require_POST
def unlock_person(request: StaffRequest, username: str) -> HttpResponse:
    person = services.unlock(actor=request.user, username=username)
    messages.success(request, _("The sign-in of %(name)s is open again.") % {"name": person.display_name})
    return redirect("core:person", username)


@require("staff.edit")
@require_POST
def reset_password(request: StaffRequest, username: str) -> HttpResponse:
    return _password_page(request, services.reset_password(actor=request.user, username=username))


def _visible(request: StaffRequest, username: str) -> User:
    person = people().visible_to(request.user).for_list().filter(username=username).first()
    if person is None:
        raise NotFound(_("There is no such person."))
    return person


def _password_page(request: StaffRequest, made: NewPassword, *, is_new: bool = False) -> HttpResponse:
    """Without a redirect, so that the password cannot be shown twice."""
    context = {"made": made, "is_new": is_new, "parents": [*INDEX, *PEOPLE]}
    response = render(request, "core/staff/password.html", context)
    response["Cache-Control"] = "no-store"
    return response
