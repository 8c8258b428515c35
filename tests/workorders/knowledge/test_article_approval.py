"""The way of an article: what is read, who may approve, what stays readable meanwhile, what ships."""

import pytest
from django.db import IntegrityError, transaction

from retention.core.audit.models import AuditEntry
from retention.core.errors import Conflict, Invalid, NotFound, Refused
from retention.core.managed import services
from retention.core.managed.services import StaleVersion
from retention.core.managed.states import Move
from retention.core.notices.models import Notice
from tests.factories import NOW, make_user
from tests.workorders.knowledge.rows import approve, change, make_article, write_article
from workorders.knowledge.defaults import ARTICLES
from workorders.knowledge.kinds import Standing
from workorders.knowledge.models import Article, ArticleVersion
from workorders.knowledge.services.approval import move_article, reinstate, retire
from workorders.knowledge.services.installation import install_articles
from workorders.knowledge.services.use import read_version

pytestmark = pytest.mark.django_db


def standing(article):
    return Article.objects.with_standing().get(pk=article.pk).standing


def submit(article, *, by):
    return move_article(actor=by, code=article.code, version=article.version, move=Move.SUBMIT, now=NOW)


def test_a_draft_is_read_once_another_manager_has_approved_it(ada, mia, sam, ana, branches):
    article = write_article(author=sam, branch=branches.city)
    with pytest.raises(NotFound):
        read_version(person=ana, code=article.code)
    article = submit(article, by=sam)
    assert Notice.objects.get(person=mia).message == "article.submitted"
    with pytest.raises(Refused):
        move_article(actor=sam, code=article.code, version=1, move=Move.APPROVE, now=NOW)
    approve(article, by=mia)
    version = read_version(person=ana, code=article.code)
    assert (version.number, version.author, version.approved_by) == (1, sam, mia)
    assert Notice.objects.get(person=sam).text.endswith(f"{article.code}: it is read from now on.")


def test_nobody_approves_what_they_wrote_however_high_they_stand(ada):
    article = submit(write_article(author=ada), by=ada)
    with pytest.raises(Refused) as refused:
        move_article(actor=ada, code=article.code, version=1, move=Move.APPROVE, now=NOW)
    assert refused.value.code == "own_work"
    assert not ArticleVersion.objects.exists()


def test_a_change_is_written_beside_what_is_read(ada):
    article = make_article(body="Old words.")
    changed = change(article, actor=ada, body="New words.")
    assert standing(changed) == Standing.CHANGING
    assert read_version(person=ada, code=article.code).body == "Old words."
    approve(changed)
    assert read_version(person=ada, code=article.code).body == "New words."
    assert [one.number for one in ArticleVersion.objects.of(article)] == [2, 1]
    assert ArticleVersion.objects.get(article=article, number=1).body == "Old words."


def test_approving_what_has_changed_meanwhile_is_refused(ada):
    article = submit(write_article(author=ada), by=ada)
    other = make_user(role="administrator")
    change(article, actor=ada, body="Changed after it was submitted.")
    with pytest.raises(StaleVersion):
        move_article(actor=other, code=article.code, version=1, move=Move.APPROVE, now=NOW)


def test_what_is_sent_back_stays_a_draft_and_its_author_is_told(ada, sam, branches):
    article = submit(write_article(author=sam, branch=branches.city), by=sam)
    move_article(actor=ada, code=article.code, version=1, move=Move.SEND_BACK, now=NOW)
    assert standing(article) == Standing.DRAFT
    assert "back" in Notice.objects.get(person=sam).text


def test_a_retired_article_is_gone_for_readers_and_comes_back_as_it_was(ada, ana):
    article = make_article(body="Words.")
    retire(actor=ada, code=article.code, now=NOW)
    assert standing(article) == Standing.RETIRED
    with pytest.raises(NotFound):
        read_version(person=ana, code=article.code)
    with pytest.raises(Conflict):
        retire(actor=ada, code=article.code, now=NOW)
    reinstate(actor=ada, code=article.code)
    assert (standing(article), read_version(person=ana, code=article.code).number) == (Standing.IN_USE, 1)
    trail = AuditEntry.objects.filter(target=f"article:{article.code}", detail__changes__has_key="current")
    assert [one.detail["changes"]["current"] for one in trail.order_by("pk")] == [[None, 1], [1, None], [None, 1]]


def test_supervisors_write_for_their_branch_and_retire_nothing(sam, branches):
    with pytest.raises(Refused):
        write_article(author=sam, branch=None)
    article = approve(write_article(author=sam, branch=branches.city))
    with pytest.raises(Refused):
        retire(actor=sam, code=article.code, now=NOW)


@pytest.mark.parametrize(
    "given", [{"body_zh": ""}, {"name_zh": " "}, {"tags": ["x" * 25]}, {"tags_zh": list("一二三四五六七八九十甲乙丙")}]
)
def test_both_languages_and_short_tags_are_asked_for(ada, given):
    with pytest.raises(Invalid):
        write_article(author=ada, **given)


def test_the_database_keeps_the_law_of_what_is_read(ada):
    article = make_article()
    for wrong in ({"retired_at": NOW}, {"current": None}, {"kind": "poem"}):
        with pytest.raises(IntegrityError), transaction.atomic():
            Article.objects.filter(pk=article.pk).update(**wrong)


def test_what_ships_is_written_once_in_both_languages_and_waits_for_a_manager(ada):
    assert install_articles() == len(ARTICLES)
    Article.objects.filter(code="porting-out").update(body="As we say it here.")
    assert install_articles() == 0
    assert Article.objects.get(code="porting-out").body == "As we say it here."
    kinds = list(Article.objects.values_list("kind", flat=True))
    assert kinds.count("objection") >= 12 and kinds.count("article") >= 8
    assert {standing(one) for one in Article.objects.all()} == {Standing.SUBMITTED}
    assert not ArticleVersion.objects.exists()


def test_what_ships_is_linked_to_what_there_is():
    from campaigns.offers.defaults import OFFERS
    from customers.risk.text.themes import THEMES
    from workorders.order_types.defaults import DISPOSITIONS, ORDER_TYPES

    answers = {
        f"{asked['key']}={choice['value']}"
        for one in ORDER_TYPES for asked in one["fields"] for choice in asked.get("choices", ())
    }  # fmt: skip
    known = {
        "themes": set(THEMES), "answers": answers, "order_types": {one["code"] for one in ORDER_TYPES},
        "dispositions": {one["code"] for one in DISPOSITIONS}, "offers": {one["code"] for one in OFFERS},
    }  # fmt: skip
    wrong = [
        (one["code"], name, code) for one in ARTICLES for name in known for code in set(one.get(name, ())) - known[name]
    ]
    assert wrong == []


def test_a_copy_is_a_draft_of_its_own(ada):
    article = make_article(tags=["price"])
    made = services.copy(model=Article, actor=ada, code=article.code, new_code="other", values={})
    assert (made.tags, made.current, standing(made)) == (["price"], None, Standing.DRAFT)
