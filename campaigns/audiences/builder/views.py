"""The rule builder's answers (reshaped builder, preview, samples) and mixins for the pages of whatever holds a rule.

It works without script: the builder's buttons then send the whole page."""

from collections.abc import Mapping, Sequence
from typing import Any

from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import render
from django.utils.functional import Promise, cached_property
from django.views.decorators.http import require_POST, require_safe

from campaigns.audiences.builder.forms import BLANK_RULE, Draft, read_draft, reshape_draft
from campaigns.audiences.builder.widgets import draw_draft, field_options
from campaigns.audiences.overlaps import others_of
from campaigns.audiences.queries import count_conditions, lines_of, membership_values, preview
from campaigns.audiences.rules import Group, RuleField, as_q, fields_of, format_rule, parse, rule_catalogue
from campaigns.audiences.rules.known_values import find_values
from campaigns.audiences.text import format_field_value, format_stored_rule
from customers.profile.models import ProfileQuerySet, SubscriberProfile
from retention.core.accounts.models import Branch, User
from retention.core.accounts.permissions import StaffRequest, require
from retention.core.errors import Invalid
from retention.core.managed.forms import ManagedForm
from retention.core.managed.text import Words
from retention.core.ui.filters import parse_number

SAMPLE_COLUMNS = 6


def sample_rows(samples: Sequence[SubscriberProfile], fields: Sequence[RuleField]) -> dict[str, Any]:
    """`sample_head` (labels) and `samples` (line, customer, values of the rule's first fields) for the template."""
    shown = list(fields)[:SAMPLE_COLUMNS]
    members = membership_values(samples, shown)
    rows = [
        {
            "subscriber_no": profile.subscriber.subscriber_no,
            "name": profile.subscriber.account.customer.name,
            "values": [
                format_field_value(
                    field, members[profile.pk][field.key] if field.membership else _value(profile, field)
                )
                for field in shown
            ],
        }
        for profile in samples
    ]
    return {"sample_head": [field.label for field in shown], "samples": rows}


def _value(profile: SubscriberProfile, field: RuleField) -> Any:
    if field.custom_key:
        return profile.attributes.get(field.custom_key)
    return getattr(profile, field.key)


@require("scenarios.edit")
@require_POST
def builder(request: StaffRequest) -> HttpResponse:
    """The builder of the posted draft after `do` (add, group or remove a part); the preview is requested separately."""
    fields = rule_catalogue()
    draft, look_at = reshape_draft(read_draft(request.POST, fields), request.POST.get("do", ""))
    response = render(request, "campaigns/audiences/_rule.html", builder_context(draft, fields, look_at=look_at))
    response["HX-Trigger-After-Swap"] = "rule-reshaped"
    return response


@require("scenarios.edit")
@require_POST
def rule_preview(request: StaffRequest) -> HttpResponse:
    fields = rule_catalogue()
    context = preview_context(read_draft(request.POST, fields), fields, request.user, sent_branch(request))
    return render(request, "campaigns/audiences/_rule_preview.html", context)


@require("scenarios.edit")
@require_POST
def rule_details(request: StaffRequest) -> HttpResponse:
    """What each condition leaves of the base, and who else finds the same lines: asked for after the count."""
    fields = rule_catalogue()
    try:
        tree = parse(read_draft(request.POST, fields), fields=fields, typed=True)
    except Invalid:
        return HttpResponse()
    lines = lines_of(request.user, sent_branch(request))
    context = details_context(tree, lines, request.user, request.POST.get("of", ""))
    return render(request, "campaigns/audiences/_rule_details.html", context)


@require("scenarios.edit")
@require_safe
def rule_values(request: StaffRequest) -> JsonResponse:
    """For `value-search`: {"options": [{"value": what goes into the box, "label", "note": code}]} of the values of
    `field` that have `q` in their name or code."""
    field = rule_catalogue().get(request.GET.get("field", ""))
    is_searched = field is not None and field.has_open_values
    found = find_values(field, request.GET.get("q", ""), request.user) if field and is_searched else []
    options = [
        {"value": one.text, "label": one.text, "note": "" if one.code in one.text else one.code} for one in found
    ]
    return JsonResponse({"options": options})


def builder_context(
    draft: Draft, fields: Mapping[str, RuleField], *, errors: Mapping[str, str] | None = None, look_at: str = ""
) -> dict[str, Any]:
    return {
        "group": draw_draft(draft, fields, errors),
        "field_options": field_options(fields),
        "number_options": field_options(fields, numbers=True),
        "look_at": look_at,
    }


def sent_branch(request: StaffRequest) -> Branch | None:
    """The branch that the form is about, None for the whole base."""
    pk = parse_number(request.POST.get("branch", ""))
    return Branch.objects.visible_to(request.user).filter(pk=pk).first() if pk else None


def preview_context(draft: Draft, fields: Mapping[str, RuleField], user: User, branch: Branch | None) -> dict[str, Any]:
    """The rule in words and its preview over the branch, or its errors."""
    try:
        tree = parse(draft, fields=fields, typed=True)
    except Invalid as problem:
        return {"problems": [_format_problem(one, fields) for one in problem.details]}
    found = preview(rule=tree, user=user, branch=branch)
    return {"says": format_rule(tree), "preview": found} | sample_rows(found.samples, fields_of(tree))


def details_context(tree: Group, lines: ProfileQuerySet, user: User, of: str) -> dict[str, Any]:
    """`steps`: conditions that all must hold, with what each leaves; `emptied_by`: the first that leaves none.
    `others`: who else finds some of the lines, largest first."""
    steps: list[dict[str, Any]] = []
    if tree.combinator == "and" and not tree.negated and len(tree.rules) > 1:
        parts = [one if isinstance(one, Group) else Group("and", False, (one,)) for one in tree.rules]
        counted = count_conditions({f"part_{at}": as_q(one) for at, one in enumerate(parts)}, lines)
        said = [format_rule(one) for one in parts]
        steps = [{"says": words} | counts for words, counts in zip(said, counted, strict=True)]
    emptied = next((step["says"] for step in steps if not step["left"]), "")
    others = others_of(lines.filter(as_q(tree)), user=user, code=of)
    return {"steps": steps, "emptied_by": emptied, "others": others}


def _format_problem(problem: dict[str, str], fields: Mapping[str, RuleField]) -> str:
    field = fields.get(problem["field"])
    return f"{field.label}: {problem['message']}" if field else problem["message"]


class RuleWords:
    """Mixin of all pages of a managed kind that holds a rule: says the rule as a sentence."""

    @cached_property
    def rule_fields(self) -> dict[str, RuleField]:
        return rule_catalogue()

    def get_words(self) -> Words:
        words = super().get_words()  # type: ignore[misc]
        return {**words, "rule": lambda rule: format_stored_rule(rule, self.rule_fields).says}


class RuleEditing(RuleWords):
    """Mixin of the page that makes or changes such a row; its template extends campaigns/audiences/edit.html.

    who, finds: headings of the rule and of its preview.
    """

    who: str | Promise
    finds: str | Promise

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        """A button of the builder, or the whole form to be saved."""
        action = request.POST.get("do", "")
        if not action:
            return super().post(request, *args, **kwargs)  # type: ignore[misc]
        self.object = self.get_object()
        draft, look_at = reshape_draft(self.draft(), action)
        return self.answer(self.get_form(), 200, draft=draft, look_at=look_at, counted=action == "count")

    def draft(self) -> Draft:
        """The rule that was sent, else the stored one."""
        if self.request.method == "POST":
            return read_draft(self.request.POST, self.rule_fields)
        return self.object.rule if self.object else BLANK_RULE

    def values(self, form: ManagedForm) -> dict[str, Any]:
        return super().values(form) | {"rule": self.draft()}  # type: ignore[misc]

    def get_context_data(
        self, *, draft: Draft | None = None, look_at: str = "", counted: bool = False, **kwargs: Any
    ) -> dict[str, Any]:
        """`counted` draws the preview at once; otherwise the page asks for it when it has loaded."""
        problem = kwargs.get("problem")
        errors = {one["path"]: one["message"] for one in problem.details if "path" in one} if problem else None
        draft = draft or self.draft()
        context = super().get_context_data(counted=counted, who=self.who, finds=self.finds, **kwargs)  # type: ignore[misc]
        context |= builder_context(draft, self.rule_fields, errors=errors, look_at=look_at)
        if counted:
            context |= preview_context(draft, self.rule_fields, self.request.user, sent_branch(self.request))
        return context
