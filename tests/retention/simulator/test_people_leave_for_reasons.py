import numpy as np
import pandas as pd
import pytest


@pytest.fixture(scope="module")
def months(operator) -> list[str]:
    return sorted(operator.frame("usage-months").month.unique())


@pytest.fixture(scope="module")
def leavers(operator) -> pd.DataFrame:
    truth = pd.read_parquet(operator.truth / "subscribers.parquet").set_index("subscriber_no")
    truth["left_on"] = pd.to_datetime(truth.left_on)
    return truth[truth.left_on.notna() & (truth.left_on <= pd.Timestamp(operator.spec.until))]


def in_use(operator, month: str) -> set[str]:
    usage = operator.frame("usage-months").query("month == @month and active_days > 0")
    return set(usage.subscriber_no)


def test_two_to_three_percent_leave_by_choice_each_month(operator, months, leavers):
    rates = []
    for before, month in zip(months, months[1:], strict=False):
        base = in_use(operator, before)
        left = leavers[leavers.left_on.dt.strftime("%Y-%m") == month]
        rates.append(len(base & set(left.index)) / len(base))
    assert 0.017 < np.mean(rates) < 0.030
    assert max(rates) < 0.045


def test_use_falls_in_the_month_before_leaving(operator, months, leavers):
    usage = operator.frame("usage-months").pivot(index="subscriber_no", columns="month", values="data_mb")
    changes = {"leaves": [], "stays": []}
    for back, before, month in zip(months[:-3], months[2:-1], months[3:], strict=True):
        change = np.log((usage[before] + 1) / (usage[back] + 1))[(usage[back] > 50) & (usage[before] > 0)]
        leaving = change.index.isin(leavers.index[leavers.left_on.dt.strftime("%Y-%m") == month])
        changes["leaves"].append(change[leaving])
        changes["stays"].append(change[~leaving & ~change.index.isin(leavers.index)])
    leave, stay = (pd.concat(parts) for parts in changes.values())
    assert leave.mean() < stay.mean() - 0.12
    assert leave.quantile(0.75) > stay.quantile(0.25), "leavers must not be told apart at a glance"


def test_every_cause_and_every_exit_occurs(operator):
    truth = pd.read_parquet(operator.truth / "subscribers.parquet")
    assert set(truth.cause) >= {"quality", "price", "contract_end", "network", "mover", "group", "second_sim"}
    assert set(truth.exit) >= {"port_out", "voluntary", "silent", "arrears"}


def test_silent_leavers_stay_active_without_use(operator, leavers):
    lines = operator.frame("subscribers").set_index("subscriber_no")
    silent = leavers[(leavers.exit == "silent")].index
    silent = silent[lines.loc[silent].status != "terminated"]
    days = operator.frame("usage-days").set_index("subscriber_no")
    after = days.loc[days.index.isin(silent)]
    after = after[after.day >= leavers.left_on.reindex(after.index).to_numpy()]
    assert len(after) and after.data_mb.sum() == after.voice_out_s.sum() == after.calls_in.sum() == 0


def test_terminations_carry_the_reason_of_their_exit(operator, leavers):
    lines = operator.frame("subscribers").set_index("subscriber_no").loc[leavers.index]
    formal = leavers.exit.isin(["port_out", "voluntary"])
    assert (lines.status[formal] == "terminated").all()
    assert (lines.termination_reason[formal] == leavers.exit[formal]).all()
    assert (lines.terminated_on[formal] == leavers.left_on[formal]).all()


def test_most_port_outs_ask_whether_they_may_first(operator, leavers):
    events = operator.frame("status-events").query("kind == 'port_out_inquiry'")
    ported = leavers.index[leavers.exit == "port_out"]
    others = set(operator.frame("subscribers").subscriber_no) - set(leavers.index)
    asked = set(events.subscriber_no)
    assert len(asked & set(ported)) > 0.6 * len(ported)
    assert 0 < len(asked & others) < 0.06 * len(others)


def test_stops_and_restores_alternate_for_each_line(operator):
    events = operator.frame("status-events").sort_values("at")
    events = events[events.kind.isin(["stop", "restore"])]
    stops = (events.kind == "stop").groupby(events.subscriber_no)
    assert all((series.to_numpy()[::2]).all() and not series.to_numpy()[1::2].any() for _, series in stops)
