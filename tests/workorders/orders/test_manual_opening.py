import pytest

from campaigns.outreach.models import RefusalReason
from customers.contacts.models import ContactRecord
from customers.grants.models import CustomerGrant
from customers.lists.models import ListEntry
from retention.core.audit.models import AuditEntry
from retention.core.errors import Invalid, Refused
from tests.campaigns.rows import make_leaver
from tests.factories import NOW, TODAY, make_list_entry, make_profile, make_subscriber, make_user
from tests.workorders.rows import make_hit, make_line, open_orders
from workorders.console import queries
from workorders.order_types.services import install_order_types
from workorders.orders.models import WorkOrder
from workorders.orders.origins import Origin, OriginKind
from workorders.orders.services import manual_opening
from workorders.orders.services.manual_opening import open_by_hand
from workorders.orders.text import causes

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def types(db):
    install_order_types()


def open_for(*lines, actor, **given):
    values = {"order_type": "churn_retention", "now": NOW, "origin": Origin(OriginKind.WARNING_LIST)} | given
    return open_by_hand(subscriber_ids=[line.pk for line in lines], actor=actor, **values)


def test_orders_open_queued_for_the_nearest_group_with_reservation_trail_and_grant(mia, team, branches):
    line = make_line(branch=branches.outlet)
    done = open_for(line, actor=mia, facts={line.pk: {"bill_change": -0.4}})
    order = WorkOrder.objects.get(order_no=done.opened[0])
    assert (order.subscriber, order.team, order.state, order.source) == (line, team, "queued", "warning-list")
    assert ContactRecord.objects.get(order_no=order.order_no).state == ContactRecord.State.RESERVED
    assert CustomerGrant.objects.filter(customer=line.account.customer, order_no=order.order_no).exists()
    assert order.transitions.count() == 1
    (cause,) = causes(order, today=TODAY)
    assert cause.title == "Chosen from the warning list"
    assert "40" in cause.facts[0].text


def test_a_customer_gets_one_order_for_the_first_of_his_lines(mia, branches):
    first = make_line(branch=branches.city)
    second = make_subscriber(account=first.account, branch=branches.city)
    make_profile(subscriber=second)
    done = open_for(second, first, first, actor=mia)
    assert (len(done.opened), done.same) == (1, 1)
    assert WorkOrder.objects.get().subscriber == second


def test_nobody_gets_a_second_open_order_however_often_it_is_asked(mia, branches):
    busy = make_line(branch=branches.city)
    open_orders(make_hit(subscriber=busy))
    free = make_line(branch=branches.city)
    done = open_for(busy, free, actor=mia)
    assert (len(done.opened), done.refused) == (1, {RefusalReason.ORDER_OPEN: 1})
    again = open_for(busy, free, actor=mia)
    assert (again.opened, again.refused) == ([], {RefusalReason.ORDER_OPEN: 2})
    assert WorkOrder.objects.count() == 2


def test_each_refusal_of_the_gate_is_counted_with_its_reason(mia, branches):
    quiet, black, free = (make_line(branch=branches.city) for _ in range(3))
    make_list_entry(customer=quiet.account.customer)
    make_list_entry(customer=black.account.customer, kind=ListEntry.Kind.BLACKLIST)
    done = open_for(quiet, black, free, actor=mia)
    assert done.refused == {RefusalReason.DO_NOT_DISTURB: 1, RefusalReason.BLACKLISTED: 1}
    assert len(done.opened) == 1
    assert ContactRecord.objects.filter(state=ContactRecord.State.REFUSED).count() == 2


def test_lines_that_left_or_are_not_his_are_left_out(branches):
    manager = make_user(role="manager", branch=branches.city)
    gone = make_line(branch=branches.city, status="terminated", terminated_on=NOW.date())
    foreign = make_line(branch=branches.other)
    done = open_for(gone, foreign, actor=manager)
    assert (done.opened, done.gone) == ([], 2)


def test_a_type_after_leaving_takes_the_lines_that_may_be_won_back_and_no_others(ada):
    left, in_use = make_leaver(), make_line()
    unreachable = make_line(status="terminated", terminated_on=NOW.date())
    given = {"actor": ada, "order_type": "win_back", "origin": Origin(OriginKind.WIN_BACK)}
    done = open_for(left.subscriber, in_use, unreachable, **given)
    assert (len(done.opened), done.gone) == (1, 2)
    order = WorkOrder.objects.get()
    assert (order.type.code, order.subscriber_id, order.source) == ("win_back", left.pk, "win-back")
    assert open_for(make_leaver().subscriber, actor=ada).gone == 1


def test_agents_and_analysts_open_nothing(ana, lin, branches):
    line = make_line(branch=branches.city)
    for person in (ana, lin):
        with pytest.raises(Refused):
            open_for(line, actor=person)
    assert not WorkOrder.objects.exists()


def test_too_many_lines_and_unknown_types_are_refused_whole(mia, branches, monkeypatch):
    line = make_line(branch=branches.city)
    with pytest.raises(Invalid, match="order type"):
        open_for(line, actor=mia, order_type="none")
    monkeypatch.setattr(manual_opening, "MAX_LINES", 0)
    with pytest.raises(Invalid, match="At most"):
        open_for(line, actor=mia)
    assert not WorkOrder.objects.exists()


def test_the_deed_is_in_the_audit_trail_with_its_counts(mia, branches):
    open_for(make_line(branch=branches.city), actor=mia)
    entry = AuditEntry.objects.get(action="order.open", actor=mia)
    assert entry.detail["opened"] == 1
    assert entry.target == "source:warning-list"


def test_the_trail_of_the_order_says_where_it_was_chosen(mia, branches):
    open_for(make_line(branch=branches.city), actor=mia)
    told = queries.order_pane(WorkOrder.objects.get(), [])["trail"]
    assert "Chosen from the warning list" in told[-1].text
