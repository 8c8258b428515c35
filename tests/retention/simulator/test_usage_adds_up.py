import numpy as np
import pandas as pd
import pytest

from customers.profile.rules import Tally, is_hollow, usual_of

ADDITIVE = [
    "voice_out_s", "voice_in_s", "calls_out", "calls_in", "sms_out", "data_mb", "roaming_s", "forwarded_own",
    "forwarded_rival", "rival_hotline_calls", "dropped_calls",
]  # fmt: skip
WHOLE_MONTHS = ["2026-03", "2026-04"]  # inside the 80 daily days that end on 2026-05-17


def by_month(operator) -> tuple[pd.DataFrame, pd.DataFrame]:
    days = operator.frame("usage-days")
    days = days.assign(month=days.day.dt.strftime("%Y-%m"))
    days = days[days.month.isin(WHOLE_MONTHS)]
    months = operator.frame("usage-months")
    months = months[months.month.isin(WHOLE_MONTHS)].set_index(["subscriber_no", "month"]).sort_index()
    return days, months


def test_days_add_up_to_their_month_exactly(operator):
    days, months = by_month(operator)
    sums = days.groupby(["subscriber_no", "month"])[ADDITIVE].sum().sort_index()
    pd.testing.assert_frame_equal(sums, months.loc[sums.index, ADDITIVE], check_dtype=False)
    assert len(sums) == len(months)


def test_active_days_are_the_days_with_use(operator):
    days, months = by_month(operator)
    used = days[days[["voice_out_s", "calls_in", "sms_out", "data_mb"]].sum(axis=1) > 0]
    active = used.groupby(["subscriber_no", "month"]).size().reindex(months.index, fill_value=0)
    assert (active == months.active_days).all()


def test_a_month_has_at_least_the_contacts_of_its_fullest_day_and_at_most_their_sum(operator):
    days, months = by_month(operator)
    grouped = days.groupby(["subscriber_no", "month"]).distinct_contacts
    contacts = months.distinct_contacts
    assert (grouped.max().reindex(contacts.index) <= contacts).all()
    assert (grouped.sum().reindex(contacts.index) >= contacts).all()


def test_every_line_that_is_there_has_one_row_a_day(operator):
    days, lines = operator.frame("usage-days"), operator.frame("subscribers")
    day = days.day.max()
    there = lines[(lines.activated_on <= day) & ~(lines.terminated_on <= day)]
    assert set(days[days.day == day].subscriber_no) == set(there.subscriber_no)


def test_nobody_uses_a_line_that_is_stopped_or_gone(operator):
    days, lines = operator.frame("usage-days"), operator.frame("subscribers").set_index("subscriber_no")
    gone = days.subscriber_no.map(lines.terminated_on)
    assert not (days.day >= gone).any()
    stopped = lines.index[lines.status == "stopped"]
    last = days[(days.day == days.day.max()) & days.subscriber_no.isin(stopped)]
    assert len(last) and (last[ADDITIVE].to_numpy() == 0).all()


def test_weekends_are_quieter_in_voice_and_busier_in_data(operator):
    days = operator.frame("usage-days")
    weekend = days.day.dt.day_of_week >= 5
    assert days.voice_out_s[weekend].mean() < 0.95 * days.voice_out_s[~weekend].mean()
    assert days.data_mb[weekend].mean() > 1.03 * days.data_mb[~weekend].mean()


def test_bills_are_the_sum_of_their_parts_and_postpaid_payments_the_sum_of_bills(operator):
    bills, lines = operator.frame("bills"), operator.frame("subscribers").set_index("subscriber_no")
    parts = bills[["plan_fee", "voice", "data", "sms", "vas", "roaming", "other"]].sum(axis=1) - bills.discount
    assert np.allclose(parts, bills.total, atol=0.005) and (bills.total >= 0).all()
    accounts = operator.frame("accounts").set_index("account_no").pay_mode
    bills = bills.assign(account_no=bills.subscriber_no.map(lines.account_no))
    paid = bills[bills.paid_on.notna() & (bills.account_no.map(accounts) == "postpaid")]
    payments = operator.frame("payments")
    payments = payments[payments.account_no.map(accounts) == "postpaid"]
    owed = paid.groupby("account_no").total.sum()
    assert np.allclose(owed[owed > 0], payments.groupby("account_no").amount.sum().reindex(owed[owed > 0].index))


def overdue_bills(operator, day):
    """{account: yuan of its bills that are due before a day and not paid by it}."""
    bills = operator.frame("bills").merge(operator.frame("subscribers")[["subscriber_no", "account_no"]])
    open_still = (bills.due_on < day) & (bills.paid_on.isna() | (bills.paid_on > day))
    return bills[open_still].groupby("account_no").total.sum().round(2)


@pytest.mark.parametrize("days_back", [0, 1, 3, 7, 17, 40, 78])
def test_an_account_owes_exactly_its_overdue_bills_on_any_day(operator, days_back):
    day = pd.Timestamp(operator.spec.until) - pd.Timedelta(days=days_back)
    balances = operator.frame("balances")
    newest = balances[balances.day <= day].sort_values("day").groupby("account_no").last()
    owed, unpaid = newest.arrears[newest.arrears > 0], overdue_bills(operator, day)
    assert len(owed) > 20
    assert set(owed.index) - set(unpaid.index) == set()  # nobody owes without an unpaid bill
    assert (owed - unpaid[owed.index]).abs().max() < 0.01


def test_every_account_in_use_has_a_balance_on_the_last_day_and_at_each_month_end(operator):
    balances, lines = operator.frame("balances"), operator.frame("subscribers")
    last = pd.Timestamp(operator.spec.until)
    for day in (last, last.replace(day=1) - pd.Timedelta(days=1)):
        there = (lines.activated_on <= day) & (lines.terminated_on.isna() | (lines.terminated_on > day))
        known = set(balances[balances.day == day].account_no)
        assert set(lines[there].account_no) == known
    assert (balances.balance >= 0).all() and (balances.arrears >= 0).all()


def test_prepaid_debts_end_with_a_top_up(operator):
    lines, accounts = operator.frame("subscribers"), operator.frame("accounts").set_index("account_no").pay_mode
    bills = operator.frame("bills").merge(lines[["subscriber_no", "account_no"]])
    prepaid = bills[bills.account_no.map(accounts) == "prepaid"]
    late = prepaid[prepaid.paid_on > prepaid.due_on]
    assert 0.001 < len(late) / len(prepaid) < 0.1
    payments = operator.frame("payments")
    paid_days = set(
        zip(payments.account_no, payments.paid_at.dt.tz_convert("Asia/Shanghai").dt.strftime("%Y-%m-%d"), strict=True)
    )
    assert {(row.account_no, str(row.paid_on)[:10]) for row in late.itertuples()} <= paid_days


def test_no_day_brings_debtors_alone_which_would_hold_the_night(operator):
    """The arrival gate takes a newest day without any balance above zero for a broken feed."""
    days = operator.frame("balances").assign(used=lambda one: one.balance > 0).groupby("day")
    found = days.agg(rows=("balance", "size"), used=("used", "sum"), total=("balance", "sum"))
    tallies = [
        Tally(int(day.rows), {"balance": int(day.used)}, {"balance": float(day.total)}) for day in found.itertuples()
    ]
    assert len(tallies) > 100
    hollow = [
        place
        for place in range(10, len(tallies))
        if is_hollow(tallies[place], usual_of(tallies[max(0, place - 70) : place]), "balance")
    ]
    assert hollow == []
