"""Searching 10,000 articles in both languages, beside a scan of their texts for the same words."""

import random
import re
from dataclasses import dataclass
from functools import partial

from django.db import connection, transaction
from django.db.models import OuterRef, Subquery

from bench.measure import alternately, beside, percentile
from retention.core import clock
from retention.core.accounts.models import User
from workorders.knowledge.defaults import ARTICLES
from workorders.knowledge.models import Article, ArticleVersion
from workorders.knowledge.queries.search import find
from workorders.knowledge.services.approval import index_versions

MANY, MOST_MS, ROUNDS = 10_000, 100, 5
PLACES = ["长沙", "株洲", "湘潭", "衡阳", "邵阳", "岳阳", "常德", "益阳", "郴州", "永州", "怀化", "娄底"]
# As agents type: whole words, the beginning of one, pinyin, initials, a slip, a wrong letter of the same sound, words
# that nearly every text has, and one that none has.
QUESTIONS = (
    "携号转网", "携号转网怎么办", "违约金", "信号不好", "积分到期", "套餐", "客户",
    "xhzw", "wyj", "weiyuejin", "携号专网", "搬家移机", "副卡 长沙", "火星",
    "price", "contracts ending", "porti", "portign out", "the customer moves house", "plan",
)  # fmt: skip


@dataclass(frozen=True)
class _Texts:
    """The sentences of what ships, to be mixed anew."""

    english: list[str]
    chinese: list[str]

    @classmethod
    def shipped(cls) -> "_Texts":
        english = [one for row in ARTICLES for one in re.split(r"(?<=[.?!])\s+|\n+", str(row["body"])) if one]
        chinese = [one for row in ARTICLES for one in re.split(r"(?<=[。？！])|\n+", str(row["body_zh"])) if one]
        return cls(english, chinese)


def run(subscribers: int) -> dict:
    reader = User(role="administrator", username="bench")
    writer = User.objects.filter(is_active=True).first() or User.objects.create(username="bench", role="administrator")
    _write(writer)
    connection.cursor().execute("ANALYZE workorders_articleversion, workorders_article, workorders_articleword")
    ours: dict[str, list[float]] = {}
    floor: list[float] = []
    for text in QUESTIONS:
        found, scanned = alternately(partial(find, user=reader, text=text), partial(_scan, text), ROUNDS)
        ours[text] = [1000 * one for one in found]
        floor += [1000 * one for one in scanned]
    every = [one for values in ours.values() for one in values]
    p95 = percentile(every, 95)
    return beside(
        figure=p95, floor=percentile(floor, 95), unit="ms at p95",
        floor_is="ILIKE over title and text of the same articles, which ranks nothing and knows no pinyin",
        goal=f"< {MOST_MS} ms at {MANY:,} articles", reached=p95 < MOST_MS,
        articles=ArticleVersion.objects.count(), p50=round(percentile(every, 50), 1), slowest=round(max(every), 1),
        questions=[{"asked": text, "p50": round(percentile(values, 50), 1)} for text, values in ours.items()],
    )  # fmt: skip


def _write(writer: User) -> None:
    """So many approved articles: titles of what ships with a place, texts of eight sentences mixed anew."""
    draw, texts, now = random.Random(1), _Texts.shipped(), clock.now()
    articles, versions = [], []
    for number in range(ArticleVersion.objects.count(), MANY):
        row, place = ARTICLES[number % len(ARTICLES)], draw.choice(PLACES)
        said = {
            "kind": row["kind"], "name": f"{row['name']} {number}", "name_zh": f"{row['name_zh']}{place}{number}",
            "question": row["question"], "question_zh": row["question_zh"], "tags": row["tags"],
            "tags_zh": row["tags_zh"], "body": " ".join(draw.sample(texts.english, 8)),
            "body_zh": "".join(draw.sample(texts.chinese, 8)),
        }  # fmt: skip
        articles.append(Article(code=f"bench-{number}", **said))
        versions.append(ArticleVersion(article=articles[-1], number=1, approved_by=writer, approved_at=now, **said))
    with transaction.atomic():
        Article.objects.bulk_create(articles, batch_size=1000)
        ArticleVersion.objects.bulk_create(versions, batch_size=1000)
        index_versions(versions)
        Article.objects.filter(current=None, code__startswith="bench-").update(
            current=Subquery(ArticleVersion.objects.filter(article=OuterRef("pk")).values("pk")[:1])
        )


def _scan(text: str) -> None:
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT id FROM workorders_articleversion WHERE name ILIKE %(like)s OR name_zh ILIKE %(like)s"
            " OR body ILIKE %(like)s OR body_zh ILIKE %(like)s LIMIT 200",
            {"like": f"%{text}%"},
        )
        cursor.fetchall()
