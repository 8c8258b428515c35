"""Articles as they are written, the approved versions that are read, and the words by which misspelt ones are found."""

from typing import Any, Self

from django.contrib.postgres.fields import ArrayField
from django.contrib.postgres.indexes import GinIndex
from django.contrib.postgres.search import SearchVectorField
from django.db import models
from django.db.models import Case, Q, Value, When
from django.utils.translation import gettext_lazy as _

from retention.core.accounts.models import User
from retention.core.db.models import Bilingual, pick
from retention.core.errors import Invalid
from retention.core.managed.models import Approvable, ManagedQuerySet
from retention.core.managed.permissions import visible_rows
from retention.core.managed.states import State
from workorders.knowledge.kinds import LINK_FIELDS, Kind, Link, Standing, link

MAX_TEXT, MAX_QUESTION, MAX_TAG, MAX_TAGS = 6000, 300, 24, 12


class Written(Bilingual):
    """What an article says. question: what the customer says, of an article what it is about, in a sentence."""

    kind = models.CharField(_("kind"), max_length=9, choices=Kind.choices, default=Kind.OBJECTION)
    question = models.CharField(_("what the customer says"), max_length=MAX_QUESTION, blank=True)
    question_zh = models.CharField(_("what the customer says (Chinese)"), max_length=MAX_QUESTION, blank=True)
    body = models.TextField(_("text"), max_length=MAX_TEXT, blank=True)
    body_zh = models.TextField(_("text (Chinese)"), max_length=MAX_TEXT, blank=True)
    tags = models.JSONField(_("tags"), default=list, blank=True)
    tags_zh = models.JSONField(_("tags (Chinese)"), default=list, blank=True)

    class Meta:
        abstract = True

    @property
    def asked(self) -> str:
        return pick(self.question, self.question_zh)

    @property
    def words(self) -> str:
        return pick(self.body, self.body_zh)

    @property
    def labels(self) -> list[str]:
        return pick(self.tags, self.tags_zh)


class ArticleQuerySet(ManagedQuerySet["Article"]):
    def in_use(self) -> Self:
        """What agents read: articles with a version in use."""
        return self.filter(current__isnull=False)

    def with_standing(self) -> Self:
        """Annotated with `standing`."""
        states = {
            Standing.IN_USE: Q(current__isnull=False, state=State.APPROVED),
            Standing.CHANGE_SUBMITTED: Q(current__isnull=False, state=State.SUBMITTED),
            Standing.CHANGING: Q(current__isnull=False),
            Standing.RETIRED: Q(retired_at__isnull=False),
            Standing.SUBMITTED: Q(state=State.SUBMITTED),
        }
        cases = [When(condition, then=Value(standing.value)) for standing, condition in states.items()]
        found = Case(*cases, default=Value(Standing.DRAFT.value), output_field=models.CharField())
        return self.annotate(standing=found)


class Article(Approvable, Written):
    """An article, an answer to an objection or a hint for the script, as its authors have it.

    What is read is `current`, the newest approved version, so that a change is written beside it without taking
    anything from the agents; None before the first approval and once retired. enabled: what stands here is read.
    """

    editable = (
        "name", "name_zh", "branch", "kind", "question", "question_zh", "body", "body_zh", "tags", "tags_zh",
        *LINK_FIELDS,
    )  # fmt: skip
    view_permission, edit_permission, approve_permission = "knowledge.view", "knowledge.edit", "knowledge.approve"

    answers = models.JSONField(Link.ANSWER.label, default=list, blank=True)
    themes = models.JSONField(Link.THEME.label, default=list, blank=True)
    order_types = models.JSONField(Link.ORDER_TYPE.label, default=list, blank=True)
    dispositions = models.JSONField(Link.DISPOSITION.label, default=list, blank=True)
    offers = models.JSONField(Link.OFFER.label, default=list, blank=True)
    # Without a constraint of the database: the version refers to its article, and versions are never deleted.
    current = models.ForeignKey(
        "ArticleVersion", models.PROTECT, null=True, editable=False, related_name="read_as", db_constraint=False,
        verbose_name=_("version in use"),
    )  # fmt: skip
    retired_at = models.DateTimeField(_("retired"), null=True, editable=False)

    objects = ArticleQuerySet.as_manager()

    class Meta(Approvable.Meta):
        constraints = [
            *Approvable.Meta.constraints,
            models.CheckConstraint(condition=Q(kind__in=Kind.values), name="article_kind_known"),
            models.CheckConstraint(
                condition=Q(enabled=False) | Q(current__isnull=False), name="article_in_use_has_version"
            ),
            models.CheckConstraint(condition=Q(retired_at=None) | Q(current=None), name="article_retired_is_not_read"),
        ]
        verbose_name, verbose_name_plural = _("article"), _("articles")

    def normalize(self) -> None:
        """Tags and links each once; a text in both languages, since every agent reads in their own."""
        for name in ("tags", "tags_zh"):
            setattr(self, name, _clean_tags(name, getattr(self, name)))
        for name in LINK_FIELDS:
            setattr(self, name, sorted(set(getattr(self, name))))
        for name in ("name_zh", "body", "body_zh"):
            if not getattr(self, name).strip():
                raise _wrong(name, "required", _("An article is written in both languages."))

    def links(self) -> list[str]:
        """All links, as a version keeps them."""
        return [link(kind, code) for name, kind in LINK_FIELDS.items() for code in getattr(self, name)]


def _clean_tags(name: str, tags: list[str]) -> list[str]:
    found = list(dict.fromkeys(tag for one in tags if (tag := " ".join(one.split()))))
    if len(found) > MAX_TAGS or any(len(one) > MAX_TAG for one in found):
        raise _wrong(
            name, "too_many",
            _("At most %(tags)s tags of at most %(letters)s letters.") % {"tags": MAX_TAGS, "letters": MAX_TAG},
        )  # fmt: skip
    return found


def _wrong(field: str, code: str, text: Any) -> Invalid:
    return Invalid(str(text), details=[{"field": field, "code": code, "message": str(text)}])


class ArticleVersionQuerySet(models.QuerySet["ArticleVersion"]):
    def read_by(self, user: User) -> Self:
        """The versions in use of articles that the person may see."""
        return self.filter(read_as__in=visible_rows(Article.objects.all(), user).values("pk"))

    def of(self, article: Article) -> Self:
        """Every version that was ever read, the newest first."""
        return self.filter(article=article).select_related("approved_by", "author").order_by("-number")


class ArticleVersion(Written):
    """An approved text, never changed. number: the article's version when it was approved.

    links: what the article was linked to (kinds.link). index: title, tags and question; body_index: the text; both are
    empty of a version that is not in use, so that nothing else is found.
    """

    article = models.ForeignKey(Article, models.PROTECT, related_name="versions", db_index=False)
    number = models.PositiveIntegerField(_("version"))
    links = ArrayField(models.CharField(max_length=80), default=list)
    author = models.ForeignKey(User, models.PROTECT, null=True, related_name="+")
    approved_by = models.ForeignKey(User, models.PROTECT, related_name="+", verbose_name=_("approved by"))
    approved_at = models.DateTimeField(_("approved"))
    index = SearchVectorField(null=True)
    body_index = SearchVectorField(null=True)

    objects = ArticleVersionQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["article", "number"], name="article_version_once"),
            models.CheckConstraint(
                condition=Q(author=None) | ~Q(approved_by=models.F("author")), name="article_version_by_another"
            ),
        ]
        indexes = [
            GinIndex(fields=["index"], name="article_version_head"),
            GinIndex(fields=["body_index"], name="article_version_body"),
            GinIndex(fields=["links"], name="article_version_links"),
        ]
        verbose_name = _("version of an article")


class ArticleWord(models.Model):
    """A Latin word of an article in use. deletes: itself and what is left without any one of its letters: two words
    that are one slip apart have one of these in common."""

    word = models.CharField(max_length=24, primary_key=True)
    deletes = ArrayField(models.CharField(max_length=24))

    class Meta:
        indexes = [GinIndex(fields=["deletes"], name="article_word_deletes")]

    def __str__(self) -> str:
        return self.word
