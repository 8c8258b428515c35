"""Votes, openings on calls and what counts as used in a successful call; suggestions and their answers."""

from datetime import timedelta

import pytest

from retention.core.errors import Conflict, NotFound, Refused
from retention.core.notices.models import Notice
from tests.factories import NOW, make_risk_score, make_user
from tests.workorders.knowledge.rows import approve, change, make_article, write_article
from tests.workorders.rows import make_orders
from workorders.knowledge.kinds import Link, link
from workorders.knowledge.models import Article, Opening, Vote
from workorders.knowledge.queries.figures import with_figures
from workorders.knowledge.queries.listing import calls_with
from workorders.knowledge.queries.suited import reasons_of_call, suited
from workorders.knowledge.services.use import open_on_call, settle, suggest, vote
from workorders.orders.services.claiming import claim_next
from workorders.orders.services.outcomes import record_outcome

pytestmark = pytest.mark.django_db


@pytest.fixture
def article():
    return make_article()


def figures(article, user):
    return with_figures(Article.objects.filter(pk=article.pk), user).get()


def end(order, agent, disposition):
    record_outcome(
        order_no=order.order_no, agent=agent, disposition=disposition, note="", appointment_at=None, answers={},
        version=None, now=NOW,
    )  # fmt: skip
    order.refresh_from_db()


def test_one_vote_a_person_and_version_and_it_may_change(article, floor, ada):
    ana, ben = floor[1]
    vote(person=ana, code=article.code, useful=True, now=NOW)
    vote(person=ben, code=article.code, useful=True, now=NOW)
    vote(person=ben, code=article.code, useful=False, now=NOW)
    found = figures(article, ada)
    assert (found.useful, found.voted, Vote.objects.count()) == (1, 2, 2)
    newer = approve(change(article, actor=ada, body="Other words."))
    assert figures(newer, ada).voted == 0, "a new text is voted on anew"


def test_nobody_votes_on_what_they_do_not_read(ada):
    draft = write_article(author=ada)
    with pytest.raises(NotFound):
        vote(person=ada, code=draft.code, useful=True, now=NOW)


def test_an_opening_is_one_row_an_order_and_counts_once_the_customer_stays(article, floor, boss):
    team, (ana, _ben) = floor
    make_orders(3, team=team)
    for disposition, calls, successes in (("retained", 1, 1), ("refused", 2, 1), ("retained", 3, 2)):
        order = claim_next(agent=ana, now=NOW)
        for _time in range(2):
            open_on_call(order=order, agent=ana, code=article.code, now=NOW)
        assert figures(article, boss).successes == successes - (disposition != "refused"), "not before it is closed"
        end(order, ana, disposition)
        found = figures(article, boss)
        assert (found.calls, found.successes) == (calls, successes)
        assert calls_with(article, boss, successful=True).count() == successes
    opening = Opening.objects.order_by("pk").first()
    assert (opening.agent, opening.at, opening.version.number) == (ana, NOW, 1)


def test_both_versions_opened_on_one_order_count_as_one_call(article, order, floor, ada):
    ana = floor[1][0]
    open_on_call(order=order, agent=ana, code=article.code, now=NOW)
    approve(change(article, actor=ada, body="Other words."))
    open_on_call(order=order, agent=ana, code=article.code, now=NOW + timedelta(minutes=1))
    assert Opening.objects.count() == 2
    assert figures(article, ada).calls == calls_with(article, ada, successful=False).count() == 1


def test_only_who_has_the_order_on_the_desk_leaves_a_row(article, order, floor, boss):
    for other in (floor[1][1], boss):
        open_on_call(order=order, agent=other, code=article.code, now=NOW)
    assert not Opening.objects.exists()


def test_figures_count_only_orders_that_the_person_may_list(article, order, floor, branches):
    open_on_call(order=order, agent=floor[1][0], code=article.code, now=NOW)
    elsewhere = make_user(role="manager", branch=branches.other)
    assert (figures(article, elsewhere).calls, calls_with(article, elsewhere, successful=False).count()) == (0, 0)


def test_a_reopened_order_is_no_success_any_more(article, order, floor, boss):
    from workorders.orders.services.reopening import reopen

    ana = floor[1][0]
    open_on_call(order=order, agent=ana, code=article.code, now=NOW)
    end(order, ana, "retained")
    assert figures(article, boss).successes == 1
    reopen(order_no=order.order_no, agent=ana, now=NOW)
    assert figures(article, boss).successes == 0


def test_what_the_customer_says_goes_before_what_the_model_knows(order, floor):
    ana = floor[1][0]
    price = make_article(answers=["main_reason=price"])
    network = make_article(themes=["network"])
    make_risk_score(subscriber=order.subscriber, as_of=NOW.date(), themes={"network": 1.4, "base": -2.0})
    found = [one.article_id for one in suited(user=ana, reasons=reasons_of_call(order, {}))]
    assert found == [network.pk]
    reasons = reasons_of_call(order, {"main_reason": "price"})
    assert reasons[link(Link.ANSWER, "main_reason=price")] > reasons[link(Link.THEME, "network")]
    assert [one.article_id for one in suited(user=ana, reasons=reasons)] == [price.pk, network.pk]


def test_of_two_that_suit_the_one_that_helped_goes_first(order, floor):
    ana = floor[1][0]
    first, helped = (make_article(name=name, order_types=[order.type.code]) for name in ("A", "B"))
    reasons = reasons_of_call(order, {})
    assert [one.article_id for one in suited(user=ana, reasons=reasons)] == [first.pk, helped.pk]
    open_on_call(order=order, agent=ana, code=helped.code, now=NOW)
    end(order, ana, "retained")
    assert [one.article_id for one in suited(user=ana, reasons=reasons)] == [helped.pk, first.pk]


def test_a_suggestion_is_settled_once_by_another_and_answered(article, floor, boss):
    ana = floor[1][0]
    made = suggest(person=ana, text=" Shorter, please. ", code=article.code, now=NOW)
    with pytest.raises(NotFound):
        settle(actor=floor[1][1], suggestion=made.pk, adopted=True, answer="", now=NOW)
    settle(actor=boss, suggestion=made.pk, adopted=True, answer="Done in version 2.", now=NOW)
    assert Notice.objects.get(person=ana).text.endswith("was adopted. Done in version 2.")
    with pytest.raises(Conflict):
        settle(actor=boss, suggestion=made.pk, adopted=False, answer="", now=NOW)
    own = suggest(person=boss, text="Mine.", now=NOW)
    with pytest.raises(Refused):
        settle(actor=boss, suggestion=own.pk, adopted=True, answer="", now=NOW)
