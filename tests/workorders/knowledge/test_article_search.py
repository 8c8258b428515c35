"""Finding articles: both languages, parts of words, pinyin and initials, slips, and what may not be found."""

import pytest

from tests.factories import NOW, make_user
from tests.workorders.knowledge.rows import approve, change, make_article, write_article
from workorders.knowledge.models import Article, ArticleVersion
from workorders.knowledge.queries.search import find
from workorders.knowledge.services.approval import reinstate, retire
from workorders.knowledge.services.installation import install_articles

pytestmark = pytest.mark.django_db


@pytest.fixture
def library(ada):
    install_articles()
    for article in Article.objects.all():
        approve(article, by=ada)
    return ada


def codes(person, text):
    found = find(user=person, text=text)
    by_key = dict(ArticleVersion.objects.values_list("pk", "article__code"))
    return [by_key[pk] for pk in found.ids]


@pytest.mark.parametrize(
    ("text", "first"),
    [
        ("携号转网", {"porting-out", "porting-rules"}),
        ("携号转网怎么办", {"porting-out", "porting-rules"}),
        ("违约金", {"termination-fee"}),
        ("提前解约", {"termination-fee"}),
        ("信号不好", {"bad-network"}),
        ("积分到期", {"points-expire"}),
        ("副卡", {"second-sim"}),
        ("单位换网", {"firm-won-by-rival"}),
        ("免打扰", {"do-not-disturb"}),
        ("搬家移机", {"moving-house"}),
        ("xhzw", {"porting-out", "porting-rules"}),  # initials
        ("wyj", {"termination-fee"}),
        ("weiyuejin", {"termination-fee"}),  # pinyin
        ("xie hao zhuan wang", {"porting-out", "porting-rules"}),
        ("携号专网", {"porting-out", "porting-rules"}),  # the wrong letter of the same sound
        ("moving house", {"moving-house"}),
        ("contracts ending", {"contract-ends"}),  # stems
        ("porti", {"porting-out", "porting-rules"}),  # still being typed
        ("portign out", {"porting-out", "porting-rules"}),  # a slip
        ("complaned", {"open-complaint"}),
        ("second SIM 副卡", {"second-sim"}),
    ],
)
def test_what_an_agent_types_leads_to_the_article(library, text, first):
    assert codes(library, text)[0] in first


def test_a_title_goes_before_a_text(library):
    title = make_article(name="Roaming", name_zh="国际漫游")
    make_article(name="Abroad", name_zh="出国", body_zh="先看国际漫游是否开通。")
    assert codes(library, "国际漫游")[0] == title.code


def test_a_correction_is_told_and_made_only_when_nothing_is_found_as_written(library):
    found = find(user=library, text="contarct")
    assert (found.corrected, found.partly) == ("contract", False)
    assert find(user=library, text="contract").corrected == ""


def test_some_of_the_words_are_better_than_nothing_and_it_says_so(library):
    found = find(user=library, text="携号转网 火星")
    assert found.partly and found.ids


@pytest.mark.parametrize("text", ["", "  ", "a", "%", "'", "\\", "':*", "& | !", "(", "12345678901234", "𠮷"])
def test_nothing_to_look_for_finds_nothing_and_breaks_nothing(library, text):
    assert find(user=library, text=text).ids == []


def test_only_what_is_read_is_found(ada):
    write_article(name="Roaming", name_zh="国际漫游")
    assert codes(ada, "国际漫游") == []
    article = make_article(name="Roaming", name_zh="国际漫游")
    assert codes(ada, "漫游") == [article.code]
    changed = change(article, actor=ada, name_zh="出国须知")
    assert codes(ada, "漫游") == [article.code], "a draft takes nothing away"
    approve(changed)
    assert (codes(ada, "漫游"), codes(ada, "出国")) == ([], [article.code])
    retire(actor=ada, code=article.code, now=NOW)
    assert codes(ada, "出国") == []
    reinstate(actor=ada, code=article.code)
    assert codes(ada, "出国") == [article.code]


def test_articles_of_another_branch_are_not_found(branches, ada):
    article = make_article(name="Roaming", name_zh="国际漫游", branch=branches.city)
    elsewhere = make_user(role="agent", branch=branches.other)
    here = make_user(role="agent", branch=branches.city)
    assert (codes(here, "漫游"), codes(elsewhere, "漫游")) == ([article.code], [])
