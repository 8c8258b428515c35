"""Versions of questionnaires, and what was answered on them."""

from datetime import datetime
from typing import Self

from django.conf import settings
from django.core.validators import MinValueValidator
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from retention.core.db.models import Bilingual
from workorders.order_types.models import Disposition
from workorders.surveys.tree import Tree, read


class State(models.TextChoices):
    DRAFT = "draft", pgettext_lazy("questionnaire", "Draft")
    PUBLISHED = "published", pgettext_lazy("questionnaire", "Published")


class QuestionnaireQuerySet(models.QuerySet["Questionnaire"]):
    def newest(self) -> Self:
        """One row of each code: the draft, else the newest published version."""
        return self.order_by("code", "-version").distinct("code")

    def versions_of(self, code: str) -> Self:
        """Newest first."""
        return self.filter(code=code).order_by("-version")

    def published(self) -> Self:
        return self.filter(state=State.PUBLISHED)

    def in_force(self, code: str, *, at: datetime) -> "Questionnaire | None":
        """The version that an order opened `at` keeps: the newest published by then, for older orders the first."""
        rows = self.published().filter(code=code)
        return rows.filter(published_at__lte=at).order_by("-version").first() or rows.order_by("version").first()


class Questionnaire(Bilingual):
    """One version of a script or questionnaire. A draft is edited; a published version never changes again.

    tree: see workorders/surveys/tree.py. edits: how often the draft was saved; a page that knows an earlier number
    does not overwrite it.
    """

    code = models.SlugField(_("code"), max_length=40)
    version = models.PositiveSmallIntegerField(_("version"), default=1, validators=[MinValueValidator(1)])
    state = models.CharField(_("state"), max_length=9, choices=State.choices, default=State.DRAFT)
    tree = models.JSONField(_("questions"), default=dict)
    edits = models.PositiveIntegerField(default=1)
    edited_at = models.DateTimeField(_("edited"))
    edited_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.SET_NULL, null=True, related_name="+", verbose_name=_("edited by")
    )
    published_at = models.DateTimeField(_("published"), null=True)

    objects = QuestionnaireQuerySet.as_manager()

    class Meta:
        ordering = ["code", "-version"]
        verbose_name = _("questionnaire")
        constraints = [
            models.UniqueConstraint(fields=["code", "version"], name="questionnaire_version"),
            models.UniqueConstraint(fields=["code"], condition=Q(state=State.DRAFT), name="questionnaire_one_draft"),
            models.CheckConstraint(
                name="questionnaire_published_has_time",
                condition=Q(state=State.DRAFT, published_at=None)
                | Q(state=State.PUBLISHED, published_at__isnull=False),
            ),
        ]

    @property
    def is_draft(self) -> bool:
        return self.state == State.DRAFT

    def as_tree(self) -> Tree:
        return read(self.tree)


class ResponseQuerySet(models.QuerySet["Response"]):
    def standing(self) -> Self:
        """What counts: not what was corrected since, or answered anew on a later contact."""
        return self.filter(replaced_at=None)


class Response(models.Model):
    """The answers that one contact has saved. replaced_at: when it was corrected or answered anew.

    disposition: how the contact ended. score, possible: points reached, and the most that the questions asked gave.
    """

    order = models.ForeignKey("workorders.WorkOrder", models.CASCADE, related_name="responses", db_index=False)
    questionnaire = models.ForeignKey(Questionnaire, models.PROTECT, related_name="responses", db_index=False)
    disposition = models.ForeignKey(Disposition, models.PROTECT, related_name="+", verbose_name=_("disposition"))
    at = models.DateTimeField(_("at"))
    agent = models.ForeignKey(settings.AUTH_USER_MODEL, models.SET_NULL, null=True, related_name="+")
    agent_name = models.CharField(_("who"), max_length=150)
    score = models.IntegerField(_("score"))
    possible = models.IntegerField(_("possible score"))
    replaced_at = models.DateTimeField(null=True)

    objects = ResponseQuerySet.as_manager()

    class Meta:
        verbose_name = _("response")
        constraints = [
            models.UniqueConstraint(
                fields=["order"], condition=Q(replaced_at=None), name="response_one_standing_an_order"
            ),
        ]
        indexes = [
            models.Index(fields=["order", "at"], name="response_of_order"),
            models.Index(fields=["questionnaire", "at"], name="response_of_questionnaire"),
        ]

    def __str__(self) -> str:
        return f"{self.order_id} {self.at:%Y-%m-%d %H:%M}"


class Answer(models.Model):
    """One value of one question; several chosen values are several rows, by their place.

    score: null where the question gives none.
    """

    response = models.ForeignKey(Response, models.CASCADE, related_name="answers", db_index=False)
    question = models.CharField(_("question"), max_length=32)
    place = models.PositiveSmallIntegerField()
    value = models.TextField(_("answer"))
    score = models.IntegerField(_("score"), null=True)

    class Meta:
        verbose_name = _("answer")
        constraints = [
            models.UniqueConstraint(fields=["response", "question", "place"], name="answer_once"),
        ]

    def __str__(self) -> str:
        return f"{self.question}: {self.value}"
