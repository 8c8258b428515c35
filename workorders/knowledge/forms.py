"""The forms of the knowledge pages. They read and check single fields; services decide."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from retention.core.managed.forms import ManagedForm
from retention.core.ui.forms import LongTextField
from workorders.knowledge.kinds import LINK_FIELDS, Kind, Standing, Wish
from workorders.knowledge.models import MAX_TEXT, Article
from workorders.knowledge.models.articles import MAX_QUESTION
from workorders.knowledge.models.use import MAX_SUGGESTION
from workorders.knowledge.text import link_choices

AT_ONCE = {"data-submit-on-change": True}


class TagsField(forms.CharField):
    """Words between commas, of either language; the value is a list."""

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(required=False, max_length=300, **kwargs)

    def to_python(self, value: Any) -> list[str]:  # type: ignore[override]
        text = str(super().to_python(value)).replace("，", ",").replace("、", ",")
        return [part.strip() for part in text.split(",") if part.strip()]

    def prepare_value(self, value: Any) -> Any:
        return ", ".join(value) if isinstance(value, list) else value


def _links(field: str, **kwargs: Any) -> forms.MultipleChoiceField:
    return forms.MultipleChoiceField(
        label=LINK_FIELDS[field].label, required=False, choices=lambda: link_choices(field), **kwargs
    )


def _text(label: Any) -> LongTextField:
    return LongTextField(label=label, max_length=MAX_TEXT, widget=forms.Textarea(attrs={"rows": 9}))


class ArticleForm(ManagedForm):
    model = Article
    reserved_codes = frozenset({"new", "approve", "suggestions", "suggest"})

    name_zh = forms.CharField(label=_("Name (Chinese)"), max_length=120)
    kind = forms.ChoiceField(label=_("Kind"), choices=Kind.choices)
    question_zh = forms.CharField(label=_("What the customer says (Chinese)"), max_length=MAX_QUESTION, required=False)
    body_zh = _text(_("Text (Chinese)"))
    tags_zh = TagsField(label=_("Tags (Chinese)"), help_text=_("Words between commas."))
    question = forms.CharField(
        label=_("What the customer says"), max_length=MAX_QUESTION, required=False,
        help_text=_("In the customer's words; of an article, what it is about, in a sentence."),
    )  # fmt: skip
    body = _text(_("Text"))
    tags = TagsField(label=_("Tags"), help_text=_("Words between commas."))
    answers = _links("answers", widget=forms.SelectMultiple(attrs={"size": 8}))
    themes = _links("themes", widget=forms.CheckboxSelectMultiple)
    order_types = _links("order_types", widget=forms.CheckboxSelectMultiple)
    dispositions = _links("dispositions", widget=forms.CheckboxSelectMultiple)
    offers = _links("offers", widget=forms.SelectMultiple(attrs={"size": 6}))

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if self.instance is None:
            return
        # A code that is offered no more stays linked until somebody takes it off.
        for name in LINK_FIELDS:
            offered = dict(self.fields[name].choices)
            gone = [(code, code) for code in getattr(self.instance, name) if code not in offered]
            self.fields[name].choices = [*offered.items(), *gone]


class ArticleFilter(forms.Form):
    """What the list of articles is narrowed to; standing: only for those who write."""

    q = forms.CharField(
        label=pgettext_lazy("knowledge", "Search"), required=False, max_length=120, strip=True,
        widget=forms.TextInput(attrs={"placeholder": _("Words, pinyin or its initials"), "type": "search"}),
    )  # fmt: skip
    kind = forms.ChoiceField(
        label=_("Kind"), required=False, choices=[("", pgettext_lazy("kind", "Any")), *Kind.choices],
        widget=forms.Select(attrs=AT_ONCE),
    )  # fmt: skip
    tag = forms.ChoiceField(label=_("Tag"), required=False, widget=forms.Select(attrs=AT_ONCE))
    theme = forms.ChoiceField(
        label=_("Reason of the risk"), required=False, widget=forms.Select(attrs=AT_ONCE),
        choices=lambda: [("", pgettext_lazy("reason", "Any")), *link_choices("themes")],
    )  # fmt: skip
    standing = forms.ChoiceField(
        label=_("State"), required=False, choices=[("", pgettext_lazy("state", "Any")), *Standing.choices],
        widget=forms.Select(attrs=AT_ONCE),
    )  # fmt: skip

    def __init__(self, *args: Any, tags: list[str], writes: bool, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["tag"].choices = [("", _("All")), *((one, one) for one in tags)]
        if not writes:
            del self.fields["standing"]


class SuggestionForm(forms.Form):
    text = LongTextField(
        label=_("What should be different?"), max_length=MAX_SUGGESTION, widget=forms.Textarea(attrs={"rows": 3})
    )


class SuggestionFilter(forms.Form):
    state = forms.ChoiceField(
        label=_("State"), required=False, choices=[("", pgettext_lazy("state", "Any")), *Wish.choices],
        widget=forms.Select(attrs=AT_ONCE),
    )  # fmt: skip


class SettleForm(forms.Form):
    answer = forms.CharField(label=_("Answer"), required=False, max_length=300)


class CallFilter(forms.Form):
    """Of the orders in which an article was opened."""

    SUCCESSFUL = "successful"
    counted = forms.ChoiceField(
        label=pgettext_lazy("knowledge", "Calls"), required=False,
        choices=[("", _("All")), (SUCCESSFUL, _("Customer stays or takes an offer"))],
        widget=forms.Select(attrs=AT_ONCE),
    )  # fmt: skip
