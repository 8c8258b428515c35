"""What readers do with articles: votes, openings on calls, suggestions."""

from typing import Self

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from retention.core.accounts.models import User
from workorders.knowledge.kinds import Wish
from workorders.knowledge.models.articles import Article, ArticleVersion
from workorders.orders.models import WorkOrder

MAX_SUGGESTION = 1000


class Vote(models.Model):
    """Whether a person finds a version useful; changeable."""

    version = models.ForeignKey(ArticleVersion, models.CASCADE, related_name="votes", db_index=False)
    person = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, related_name="+")
    useful = models.BooleanField(_("useful"))
    at = models.DateTimeField(_("at"))

    class Meta:
        constraints = [models.UniqueConstraint(fields=["version", "person"], name="article_vote_once")]

    def __str__(self) -> str:
        return f"{self.version_id} {self.useful}"


class Opening(models.Model):
    """An article that an agent has opened on the call screen while working on an order; the first time counts."""

    order = models.ForeignKey(WorkOrder, models.CASCADE, related_name="article_openings", db_index=False)
    version = models.ForeignKey(ArticleVersion, models.PROTECT, related_name="openings")
    agent = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", db_index=False)
    at = models.DateTimeField(_("at"))

    class Meta:
        constraints = [models.UniqueConstraint(fields=["order", "version", "agent"], name="article_opened_once")]

    def __str__(self) -> str:
        return f"{self.order_id} {self.version_id}"


class SuggestionQuerySet(models.QuerySet["Suggestion"]):
    def visible_to(self, user: User) -> Self:
        """Those about articles that the person may see, and for new ones; who does not write sees their own."""
        seen = self.filter(Q(article=None) | Q(article__in=Article.objects.visible_to(user).values("pk")))
        return seen if user.may("knowledge.edit") else seen.filter(person=user)

    def for_list(self) -> Self:
        return self.select_related("article", "person", "settled_by").order_by(
            F("settled_at").desc(nulls_first=True), "-at"
        )


class Suggestion(models.Model):
    """What a reader asks for: a change of an article, or with article None a new one. answer: to who has asked."""

    article = models.ForeignKey(Article, models.CASCADE, null=True, related_name="suggestions")
    person = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", verbose_name=_("by"))
    text = models.TextField(_("suggestion"), max_length=MAX_SUGGESTION)
    at = models.DateTimeField(_("at"))
    state = models.CharField(_("state"), max_length=8, choices=Wish.choices, default=Wish.OPEN)
    settled_at = models.DateTimeField(_("settled"), null=True)
    settled_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+")
    answer = models.CharField(_("answer"), max_length=300, blank=True)

    objects = SuggestionQuerySet.as_manager()

    class Meta:
        constraints = [
            models.CheckConstraint(
                name="suggestion_settled_has_time",
                condition=Q(state=Wish.OPEN, settled_at=None) | ~Q(state=Wish.OPEN) & Q(settled_at__isnull=False),
            )
        ]
        verbose_name, verbose_name_plural = _("suggestion"), _("suggestions")

    def __str__(self) -> str:
        return self.text[:60]
