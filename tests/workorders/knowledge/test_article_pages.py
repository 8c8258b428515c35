"""The pages: who sees what, search and filters, versions and differences, figures that open exactly their rows."""

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from tests.factories import NOW, make_user
from tests.workorders.knowledge.rows import approve, change, make_article, write_article
from tests.workorders.rows import make_orders
from workorders.knowledge.kinds import Wish
from workorders.knowledge.models import Article, Opening, Suggestion, Vote
from workorders.knowledge.services.installation import install_articles
from workorders.knowledge.services.use import open_on_call
from workorders.orders.services.claiming import claim_next
from workorders.orders.services.outcomes import record_outcome

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("standing_clock")]


def names(answer):
    return [row.record.code for row in answer.context["table"].rows]


def test_readers_see_what_is_read_and_writers_all(client, ana, mia):
    read, draft = make_article(), write_article()
    client.force_login(ana)
    assert names(client.get("/knowledge/")) == [read.code]
    assert client.get(f"/knowledge/{draft.code}/").status_code == 404
    client.force_login(mia)
    assert set(names(client.get("/knowledge/"))) == {read.code, draft.code}
    assert client.get(f"/knowledge/{draft.code}/").status_code == 200


def test_a_change_is_shown_to_writers_only(client, ana, mia, ada):
    article = make_article(body="Old words.")
    change(article, actor=ada, body="New words.", name="New title")
    client.force_login(ana)
    page = client.get(f"/knowledge/{article.code}/").content.decode()
    assert "Old words." in page and "New" not in page.split('id="text"')[1].split("</section>")[0]
    assert "New title" not in page
    client.force_login(mia)
    assert "A newer text is being written" in client.get(f"/knowledge/{article.code}/").content.decode()


def test_the_list_is_searched_filtered_and_exported(manager, ada):
    roaming = make_article(name="Roaming", name_zh="国际漫游", kind="article", tags=["abroad"], themes=["price"])
    other = make_article(name="Other", name_zh="其他")
    draft = write_article(name="Roaming at sea", name_zh="海上漫游")
    for query, found in {
        "q=gjmy": [roaming.code],
        "q=roaming": [roaming.code, draft.code],
        "kind=article": [roaming.code],
        "tag=abroad": [roaming.code],
        "theme=price": [roaming.code],
        "standing=draft": [draft.code],
        "q=nothingofthekind": [],
    }.items():
        assert names(manager.get(f"/knowledge/?{query}")) == found, query
    assert names(manager.get("/knowledge/?standing=in_use")) == [other.code, roaming.code]
    answer = manager.get("/knowledge/?q=roming")
    assert "“roaming”" in answer.content.decode()
    answer = manager.get("/knowledge/?export=csv&kind=article")
    sheet = b"".join(answer.streaming_content).decode("utf-8-sig")
    assert roaming.code in sheet and other.code not in sheet


def test_the_list_takes_the_same_queries_for_any_number(manager):
    def asked():
        with CaptureQueriesContext(connection) as caught:
            manager.get("/knowledge/")
        return len(caught)

    make_article()
    asked()  # that the manager is there is written once a minute
    first = asked()
    for _more in range(3):
        make_article()
    assert asked() == first


def test_an_article_is_written_submitted_and_approved_on_its_pages(client, sam, mia, ana, branches):
    client.force_login(sam)
    sent = {
        "code": "no-net", "name": "No net", "name_zh": "没网", "kind": "objection", "branch": sam.branch_id,
        "question": "The net is gone.", "question_zh": "没网了。", "body": "Ask.\n\n- where\n- when",
        "body_zh": "先问。",
       
        "tags": "net, fault", "tags_zh": "网络、故障", "themes": ["network"], "version": "",
    }  # fmt: skip
    assert client.post("/knowledge/new/", sent | {"body_zh": ""}).status_code == 422
    assert client.post("/knowledge/new/", sent).status_code == 302
    article = Article.objects.get()
    assert (article.tags, article.tags_zh, article.themes) == (["net", "fault"], ["网络", "故障"], ["network"])
    client.post("/knowledge/no-net/approval/", {"move": "submit", "version": "1"})
    assert client.post("/knowledge/no-net/approval/", {"move": "approve", "version": "1"}).status_code == 403
    client.force_login(mia)
    client.post("/knowledge/no-net/approval/", {"move": "approve", "version": "1"})
    client.force_login(ana)
    page = client.get("/knowledge/no-net/").content.decode()
    assert "<li>where</li>" in page and "“The net is gone.”" in page


def test_a_manager_approves_all_that_ships_at_once(manager, ana):
    installed = install_articles()
    sent = manager.post("/knowledge/approve/", {"action": "approve", "all": "1", "query": "standing=submitted"})
    assert sent.status_code == 302
    assert Article.objects.in_use().count() == installed


def test_ticked_articles_of_ones_own_are_not_approved(manager, mia):
    own = write_article(author=mia)
    Article.objects.filter(pk=own.pk).update(state="submitted")
    manager.post("/knowledge/approve/", {"action": "approve", "row": [own.code]})
    assert not Article.objects.in_use().exists()


def test_versions_are_compared_word_by_word_by_every_reader(client, ana, ada):
    article = make_article(body="Look at the bill together.", tags=["bill"])
    approve(change(article, actor=ada, body="Look at the last bill together.", tags=["price"]))
    client.force_login(ana)
    page = client.get(f"/knowledge/{article.code}/compare/").content.decode()
    assert "Look at the <ins>last </ins>bill together." in page
    assert "<del>bill</del><ins>price</ins>" in page
    same = client.get(f"/knowledge/{article.code}/compare/?old=2&new=2").content.decode()
    assert "do not differ" in same
    assert client.get(f"/knowledge/{article.code}/drafts/").status_code == 403


def test_each_figure_opens_exactly_its_rows(client, sam, ana, team):
    article = make_article()
    make_orders(3, team=team)
    for disposition in ("retained", "refused", "retained"):
        order = claim_next(agent=ana, now=NOW)
        open_on_call(order=order, agent=ana, code=article.code, now=NOW)
        record_outcome(
            order_no=order.order_no, agent=ana, disposition=disposition, note="", appointment_at=None, answers={},
            version=None, now=NOW,
        )  # fmt: skip
    client.force_login(sam)
    figures = client.get(f"/knowledge/{article.code}/").context["figures"]
    shown = {one["label"]: one for one in figures if one.get("href")}
    for label, count in {"Opened on calls": 3, "Used in successful calls": 2}.items():
        assert shown[label]["value"] == count and shown[label]["hint"]
        rows = client.get(shown[label]["href"]).context["table"].rows
        assert len(rows) == count
    client.force_login(ana)
    figures = client.get(f"/knowledge/{article.code}/").context["figures"]
    assert [(one["value"], one.get("href", "")) for one in figures[1:]] == [(3, ""), (2, "")]


def test_a_vote_is_cast_on_the_page(client, ana):
    article = make_article()
    client.force_login(ana)
    for useful in ("yes", "no"):
        assert client.post(f"/knowledge/{article.code}/vote/", {"useful": useful}).status_code == 302
    assert [(one.person, one.useful) for one in Vote.objects.all()] == [(ana, False)]


def test_suggestions_reach_those_who_write_and_their_own_author_only(client, ana, otto, sam):
    article = make_article()
    client.force_login(ana)
    client.post("/knowledge/suggest/", {"article": article.code, "text": "Shorter, please."})
    client.post("/knowledge/suggest/", {"text": "Something about roaming."})
    assert client.post("/knowledge/suggest/", {"article": "none", "text": "x"}).status_code == 404
    assert len(client.get("/knowledge/suggestions/").context["table"].rows) == 2
    client.force_login(otto)
    assert len(client.get("/knowledge/suggestions/").context["table"].rows) == 0
    row = Suggestion.objects.get(article=article)
    assert client.get(f"/knowledge/suggestions/{row.pk}/").status_code == 404
    client.force_login(sam)
    client.post(f"/knowledge/suggestions/{row.pk}/settle/", {"adopted": "yes", "answer": "Will do."})
    row.refresh_from_db()
    assert (row.state, row.answer, row.settled_by) == (Wish.ADOPTED, "Will do.", sam)


def test_the_drawer_shows_what_suits_the_call_and_opening_leaves_a_row(client, ana, team):
    price = make_article(answers=["main_reason=price"])
    kind = make_article(order_types=["churn_retention"])
    make_orders(1, team=team)
    order = claim_next(agent=ana, now=NOW)
    client.force_login(ana)
    at = f"/work/orders/{order.order_no}/knowledge/"
    assert [one.article for one in client.get(at).context["versions"]] == [kind]
    assert [one.article for one in client.get(f"{at}?answer_main_reason=price").context["versions"]] == [price, kind]
    assert {one.article for one in client.get(f"{at}?q=zfg").context["versions"]} == {price, kind}
    assert [one.article for one in client.get(f"{at}?q=qqqq").context["versions"]] == []
    assert len(client.get(f"{at}?q=xianzifeigui").context["versions"]) == 2
    assert client.post(f"{at}{price.code}/").status_code == 200
    assert Opening.objects.get().version.article == price
    stranger = make_user(role="agent", branch=ana.branch)
    client.force_login(stranger)
    assert client.get(at).status_code == client.post(f"{at}{price.code}/").status_code == 404


def test_the_call_screen_asks_nothing_for_the_drawer(client, ana, team):
    install_articles()
    make_orders(1, team=team)
    order = claim_next(agent=ana, now=NOW)
    client.force_login(ana)
    with CaptureQueriesContext(connection) as caught:
        page = client.get(f"/work/orders/{order.order_no}/").content.decode()
    assert "knowledge-drawer" in page
    assert not [one for one in caught.captured_queries if "workorders_article" in one["sql"]]


def test_the_search_box_finds_an_article_by_its_code_or_title(client, ana):
    article = make_article(code="too-dear", name="Too dear", name_zh="嫌贵")
    client.force_login(ana)
    for text in ("too-dear", "Too Dear", "嫌贵"):
        assert client.get("/customers/", {"q": text}).url == f"/knowledge/{article.code}/"


def test_suggesting_without_words_changes_nothing(client, ana):
    client.force_login(ana)
    client.post("/knowledge/suggest/", {"text": " "})
    assert not Suggestion.objects.exists()
