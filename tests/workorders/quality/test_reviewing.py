"""A review: who may, what it keeps, what its agent sees and says, what it does to the figures."""

import pytest
from django.db import IntegrityError, transaction
from django.urls import reverse

from retention.core import clock
from retention.core.errors import Conflict, Invalid, NotFound, Refused
from retention.core.notices.models import Notice
from tests.factories import NOW, make_user
from tests.workorders.quality.rows import CRITERIA, call, make_review, make_sheet
from tests.workorders.rows import HOUR, MINUTE, make_floor, make_orders
from workorders.orders.models import Note, Transition
from workorders.quality.models import Calibration, Review
from workorders.quality.queries.results import agreements
from workorders.quality.services.calibrating import close_calibration, open_calibration
from workorders.quality.services.reviewing import answer, finish_review, reply

pytestmark = pytest.mark.django_db
GOOD = {"opening": 2, "need": 1, "consent": 1}
LATER = NOW + HOUR


@pytest.fixture
def order(floor):
    team, (ana, _ben) = floor
    (order,) = make_orders(1, team=team)
    call(order, ana, at=NOW)
    return order


@pytest.fixture
def review(order):
    return make_review(order)


def finished(review, boss, scores=None, comment="Well led."):
    return finish_review(
        pk=review.pk, reviewer=boss, scores=scores or GOOD, comments={"need": "asked twice"}, comment=comment, now=LATER
    )


def get(client, person, page, *args, query=""):
    client.force_login(person)
    with clock.freeze(LATER):
        return client.get(reverse(f"quality:{page}", args=args) + query)


def post(client, person, page, *args, **sent):
    client.force_login(person)
    with clock.freeze(LATER):
        return client.post(reverse(f"quality:{page}", args=args), sent)


def test_marks_are_kept_and_the_agent_is_told(client, floor, boss, review):
    ana = floor[1][0]
    done = finished(review, boss)
    assert (done.total, done.is_fatal, done.reviewer) == (pytest.approx(0.875), False, boss)
    assert list(done.marks.order_by("criterion").values_list("criterion", "score", "share", "comment")) == [
        ("consent", 1, 1.0, ""), ("need", 1, 1.0, "asked twice"), ("opening", 2, 0.5, "")
    ]  # fmt: skip
    assert Notice.objects.get(person=ana).where == reverse("quality:own", args=[review.pk])
    page = get(client, ana, "own", review.pk)
    assert "Well led." in page.text
    with pytest.raises(Conflict):
        finished(review, make_user(role="administrator"))


def test_nobody_reviews_the_own_work_nor_that_of_other_branches(client, floor, boss, review):
    Review.objects.filter(pk=review.pk).update(agent=boss)
    with pytest.raises(Refused) as caught:
        finished(review, boss)
    assert caught.value.code == "own_work"
    assert get(client, boss, "review", review.pk).status_code == 404
    with pytest.raises(IntegrityError), transaction.atomic():
        Review.objects.filter(pk=review.pk).update(reviewer=boss)
    stranger = make_user(role="supervisor", branch=make_floor()[0].branch)
    with pytest.raises(NotFound):
        finished(review, stranger)
    assert get(client, stranger, "review", review.pk).status_code == 404
    assert Review.objects.open_to(stranger).count() == 0


def test_agents_see_only_their_own_and_only_finished_ones(client, floor, boss, review):
    ana, ben = floor[1]
    assert get(client, ana, "own", review.pk).status_code == 404
    assert get(client, ana, "reviews").status_code == 403
    finished(review, boss)
    assert get(client, ana, "own", review.pk).status_code == 200
    assert get(client, ben, "own", review.pk).status_code == 404
    assert len(get(client, ben, "mine").context["table"].rows) == 0
    assert len(get(client, ana, "mine").context["table"].rows) == 1


def test_the_page_masks_the_customer(client, floor, boss, order, review):
    line = order.subscriber
    Note.objects.create(order=order, at=NOW, author_name="ana", text="Ring 13812345678 instead")
    page = get(client, boss, "review", review.pk)
    assert line.account.customer.name not in page.text
    assert line.phone_number not in page.text
    assert "13812345678" not in page.text
    assert "138****5678" in page.text


def test_the_form_names_what_is_missing_and_saves_the_rest(client, floor, boss, review):
    answered = post(client, boss, "finish", review.pk, s_opening="2", s_consent="1")
    assert answered.status_code == 422
    assert "s_need" in answered.context["form"].errors
    sent = {"s_opening": "4", "s_need": "na", "s_consent": "0", "n_consent": "not asked", "comment": "Fatal."}
    assert post(client, boss, "finish", review.pk, **sent).status_code == 302
    review.refresh_from_db()
    assert (review.total, review.is_fatal, review.comment) == (0, True, "Fatal.")
    assert post(client, boss, "finish", review.pk, **sent).status_code == 409


def test_an_agent_replies_once_and_a_supervisor_answers(client, floor, boss, review):
    ana, ben = floor[1]
    finished(review, boss)
    with pytest.raises(Invalid):
        reply(pk=review.pk, agent=ana, objects=True, text=" ", now=LATER)
    with pytest.raises(NotFound):
        reply(pk=review.pk, agent=ben, objects=False, text="", now=LATER)
    assert post(client, ana, "reply", review.pk, object="1", text="I did ask.").status_code == 302
    with pytest.raises(Conflict):
        reply(pk=review.pk, agent=ana, objects=False, text="", now=LATER)
    assert Notice.objects.filter(person=boss).count() == 1
    assert "I did ask." in get(client, boss, "review", review.pk).text
    with pytest.raises(Refused):
        answer(pk=review.pk, actor=ben, sets_aside=True, text="no", now=LATER)
    assert post(client, boss, "answer", review.pk, set_aside="1", text="You are right.").status_code == 302
    review.refresh_from_db()
    assert (review.state, review.answer, review.answered_by) == ("withdrawn", "You are right.", boss)
    assert Review.objects.counted().count() == 0
    assert "You are right." in get(client, ana, "own", review.pk).text


def test_acknowledging_needs_no_reason(client, floor, boss, review):
    finished(review, boss)
    post(client, floor[1][0], "reply", review.pk, acknowledge="1")
    review.refresh_from_db()
    assert review.reply == "acknowledged"
    with pytest.raises(Conflict):
        answer(pk=review.pk, actor=boss, sets_aside=False, text="thanks", now=LATER)


def rows_of(page):
    return [row.record for row in page.context["table"].paginated_rows]


@pytest.mark.parametrize("by", ["agent", "team", "criterion", "week"])
def test_results_open_exactly_their_reviews(client, floor, boss, by):
    team, (ana, ben) = floor
    sheet = make_sheet()
    for place, order in enumerate(make_orders(4, team=team)):
        call(order, (ana, ben)[place % 2], at=NOW + place * 5 * MINUTE)
        scores = {"opening": place, "need": 1, "consent": 0 if place == 3 else 1}
        finished(make_review(order, sheet=sheet), boss, scores)
    page = get(client, boss, "results", query=f"?by={by}")
    rows = rows_of(page)
    assert rows
    for row in rows:
        for name in ("reviews", "fatal", "objected"):
            if row.get(name) is None:
                continue
            client.force_login(boss)
            with clock.freeze(LATER):
                shown = client.get(page.context["table"].address(row, name))
            assert shown.context["table"].paginator.count == row[name], (row["who"], name)
    if by == "agent":
        assert {row["who"]: row["mark"] for row in rows} == {
            ana.username: pytest.approx((3 / 4 + 3.5 / 4) / 2), ben.username: pytest.approx((3.25 / 4 + 0) / 2)
        }  # fmt: skip
        with clock.freeze(LATER):
            performance = rows_of(client.get(reverse("performance:performance")))
        assert {row["who"]: row["mark"] for row in performance} == {row["who"]: row["mark"] for row in rows}
    if by == "criterion":
        assert {row["who"]: row["mark"] for row in rows}["opening"] == pytest.approx((0 + 1 + 2 + 3) / 16)


@pytest.fixture
def round_of(floor, boss):
    """A calibration of three calls by the supervisor and a manager."""
    team, (ana, _ben) = floor
    for place, order in enumerate(make_orders(3, team=team)):
        call(order, ana, at=NOW + place * 5 * MINUTE)
    lead = make_user(role="manager", branch=team.branch)
    row = open_calibration(
        actor=boss, name="November", sheet=make_sheet(), reviewers=[boss, lead], calls=3, now=LATER
    )  # fmt: skip
    return row, lead


def test_a_calibration_is_blind_until_it_is_closed(client, boss, round_of):
    row, lead = round_of
    assert (row.reviews.count(), Transition.objects.filter(reviews__calibration=row).distinct().count()) == (6, 3)
    for place, one in enumerate(row.reviews.filter(reviewer=boss).order_by("contact")):
        finished(one, boss, {"opening": place, "need": place % 2, "consent": 1})
    others = row.reviews.filter(reviewer=lead).order_by("contact")
    assert get(client, lead, "review", others[0].pk).status_code == 200
    assert get(client, lead, "review", row.reviews.filter(reviewer=boss)[0].pk).status_code == 404
    assert get(client, lead, "calibration", row.pk).context["agreement"] is None
    for place, one in enumerate(others):
        finished(one, lead, {"opening": min(place + 1, 4), "need": place % 2, "consent": 1})
    assert not Notice.objects.exists()
    assert Review.objects.visible_to(boss).count() == 0  # none of it is an ordinary review
    with pytest.raises(NotFound):
        close_calibration(pk=row.pk, actor=lead, now=LATER)
    post(client, boss, "calibration-close", row.pk)
    page = get(client, lead, "calibration", row.pk)
    assert page.context["agreement"] is not None
    opening, need, consent = agreements(Calibration.objects.get())
    assert (opening.same, need.kappa, consent.kappa) == (0.0, 1.0, None)
    assert opening.apart[str(lead)] == pytest.approx(0.25)
    assert set(opening.deviating) == {str(lead), str(boss)}
    assert lead.display_name in page.text


def test_a_calibration_has_no_call_of_any_of_its_reviewers(floor, boss):
    """Both score the same calls, so that what one of them has handled is drawn for neither."""
    team, (ana, _ben) = floor
    lead = make_user(role="manager", branch=team.branch)
    orders = make_orders(4, team=team)
    for place, order in enumerate(orders):
        call(order, ana, at=NOW + place * 5 * MINUTE)
    for order, handled_by in zip(orders, (boss, lead), strict=False):
        Transition.objects.last_contacts().filter(order=order).update(actor=handled_by)
    given = {"actor": boss, "name": "November", "sheet": make_sheet(), "reviewers": [boss, lead], "now": LATER}
    with pytest.raises(Invalid, match="Only 2 closed calls"):
        open_calibration(calls=3, **given)
    row = open_calibration(calls=2, **given)
    assert set(row.reviews.values_list("agent", "order")) == {(ana.pk, orders[2].pk), (ana.pk, orders[3].pk)}
    with pytest.raises(IntegrityError, match="review_never_of_own_work"), transaction.atomic():
        row.reviews.filter(reviewer=boss).update(agent=boss)


def test_no_scores_come_after_the_close_nor_from_others(boss, round_of):
    row, lead = round_of
    one = row.reviews.filter(reviewer=lead).first()
    with pytest.raises(NotFound):
        finished(one, boss)
    close_calibration(pk=row.pk, actor=boss, now=LATER)
    with pytest.raises(NotFound):
        finished(one, lead)


def test_a_calibration_says_what_it_lacks(client, floor, boss, order):
    lead = make_user(role="manager", branch=floor[0].branch)
    given = {"actor": boss, "name": "x", "sheet": make_sheet(), "now": LATER}
    for reviewers, calls, field in (([boss], 1, "reviewers"), ([boss, floor[1][0]], 1, "reviewers"),
                                    ([boss, lead], 2, "calls"), ([boss, lead], 0, "calls")):  # fmt: skip
        with pytest.raises(Invalid) as caught:
            open_calibration(reviewers=reviewers, calls=calls, **given)
        assert caught.value.details[0]["field"] == field
    sent = {"name": "One", "sheet": make_sheet().pk, "calls": "1", "reviewers": [boss.pk, lead.pk]}
    assert post(client, boss, "calibration-new", **sent).status_code == 302


def test_a_sheet_is_written_published_and_a_change_makes_it_a_draft(client):
    admin = make_user(role="administrator")
    sent = {"code": "care", "name": "Care call", "branch": "", "c0_label": "Greeting", "c0_kind": "points",
            "c0_weight": "2", "c0_most": "5", "c1_label": "Data asked", "c1_kind": "fatal"}  # fmt: skip
    assert post(client, admin, "scoresheet-new", **sent).status_code == 302
    page = get(client, admin, "scoresheet", "care")
    assert [one.key for one in page.context["criteria"]] == ["c1", "c2"]
    assert post(client, admin, "scoresheet-switch", "care", to="on").status_code == 302
    page = get(client, admin, "scoresheet", "care")
    assert page.context["object"].enabled
    sent |= {"version": "1", "c0_key": "c1", "c0_label": "Greeting by name", "c1_key": "c2"}
    assert post(client, admin, "scoresheet-edit", "care", **sent).status_code == 302
    row = get(client, admin, "scoresheet", "care").context["object"]
    assert (row.enabled, row.version, row.criteria[0]["label"]) == (False, 2, "Greeting by name")


def test_a_rule_is_drawn_by_its_button(client, floor, order):
    admin, sheet = make_user(role="administrator"), make_sheet()
    sent = {"code": "weekly", "name": "Weekly", "branch": "", "sheet": sheet.pk, "per_agent": "1", "share_percent": "0"}
    assert post(client, admin, "samplerule-new", **sent).status_code == 302
    post(client, admin, "draw", "weekly")
    assert not Review.objects.exists()
    post(client, admin, "samplerule-switch", "weekly", to="on")
    client.force_login(admin)
    with clock.freeze(NOW + 7 * 24 * HOUR):
        client.post(reverse("quality:draw", args=["weekly"]))
    assert Review.objects.count() == 1
    assert Review.objects.get().criteria == CRITERIA
    bad = post(client, admin, "samplerule-new", **sent | {"code": "none", "per_agent": "0"})
    assert bad.status_code == 422


def test_an_order_is_chosen_by_hand_from_its_page(client, boss, order):
    sheet = make_sheet()
    client.force_login(boss)
    with clock.freeze(LATER):
        shown = client.get(reverse("workorders:order", args=[order.order_no]))
    assert reverse("quality:choose", args=[order.order_no]) in shown.text
    assert get(client, boss, "choose", order.order_no).status_code == 200
    assert post(client, boss, "choose", order.order_no, sheet=sheet.code).status_code == 302
    assert post(client, boss, "choose", order.order_no, sheet=sheet.code).status_code == 409
