"""Tables of the knowledge base."""

from workorders.knowledge.models.articles import (
    MAX_TEXT,
    Article,
    ArticleQuerySet,
    ArticleVersion,
    ArticleVersionQuerySet,
    ArticleWord,
)
from workorders.knowledge.models.use import Opening, Suggestion, Vote

__all__ = [
    "MAX_TEXT",
    "Article",
    "ArticleQuerySet",
    "ArticleVersion",
    "ArticleVersionQuerySet",
    "ArticleWord",
    "Opening",
    "Suggestion",
    "Vote",
]
