"""Month ends: kept, placed from snapshots where no night ran or a band was changed, and who moved between two."""

from datetime import date
from decimal import Decimal

import pytest

from campaigns.segments.defaults import FLOW_KIND
from campaigns.segments.models import Segmentation, SegmentCount, SegmentFlow, SegmentMonth, SegmentNight
from campaigns.segments.services import months
from campaigns.segments.services.alarms import judge_flows
from campaigns.segments.services.placement import record_segments
from customers.profile.models import ProfileSnapshot, SubscriberProfile
from retention.core.alerts.models import Alert
from retention.core.db import partitioned_tables
from tests.campaigns.segments.rows import MONTH_BEFORE, MONTH_END, NIGHT, install, make_line, place_on
from tests.factories import make_branch, make_user

pytestmark = pytest.mark.django_db
STAYED, FELL = "mobile.high.middle.unbound", "mobile.high.high.unbound"


def snapshot(day: date, **given: object) -> None:
    """The profiles as they stand, as the snapshot of a day."""
    partitioned_tables.ensure_partitions("customers_profilesnapshot", [day])
    names = [field.name for field in ProfileSnapshot._meta.concrete_fields if field.name not in {"as_of", "pk"}]
    for profile in SubscriberProfile.objects.all():
        values = {name: getattr(profile, name) for name in names if name != "subscriber"}
        ProfileSnapshot.objects.create(subscriber_id=profile.pk, as_of=day, **values | given)


def flows(month: date, layer: str = "stability") -> dict[tuple[str, str], int]:
    found = SegmentFlow.objects.filter(layer=layer).by_cells(month=month, layer=layer)
    return {pair: lines for pair, (lines, _yuan) in found.items()}


def test_the_migration_counts_who_stayed_moved_joined_and_went():
    install()
    branch = make_branch()
    stays, falls, goes = (make_line(branch=branch, as_of=MONTH_BEFORE) for _ in range(3))
    place_on(MONTH_BEFORE)
    SubscriberProfile.objects.filter(pk=falls.pk).update(bill_change=-0.5)
    SubscriberProfile.objects.filter(pk=goes.pk).delete()
    joins = make_line(branch=branch, as_of=MONTH_END, tenure_days=5)

    place_on(MONTH_END)

    assert flows(MONTH_END) == {(STAYED, STAYED): 1, (STAYED, FELL): 1, (STAYED, ""): 1, ("", "mobile.-new"): 1}
    assert sum(flows(MONTH_END, "need").values()) == 4
    kept = dict(SegmentMonth.objects.filter(month=MONTH_END).values_list("subscriber_id", "segment"))
    assert kept == {stays.pk: STAYED, falls.pk: FELL, joins.pk: "mobile.-new"}
    revenue = SegmentFlow.objects.get(month=MONTH_END, layer="stability", before=STAYED, after=FELL).revenue
    assert revenue == Decimal("100.00")


def test_a_month_end_is_kept_once_however_often_its_night_runs():
    install()
    make_line(as_of=MONTH_END)
    for _ in range(2):
        place_on(MONTH_END)

    assert SegmentMonth.objects.count() == 1
    assert SegmentCount.objects.filter(as_of=MONTH_END, layer="stability").get().lines == 1


def test_a_month_end_without_a_night_is_placed_from_its_snapshot():
    install()
    line = make_line()
    snapshot(MONTH_BEFORE)
    snapshot(MONTH_END, bill_change=-0.5)

    report = record_segments(as_of=NIGHT)
    again = record_segments(as_of=NIGHT)

    assert (report.months, again.months) == ([str(MONTH_BEFORE), str(MONTH_END)], [])
    assert flows(MONTH_END) == {(STAYED, FELL): 1}
    assert SegmentMonth.objects.get(subscriber_id=line.pk, month=MONTH_END).branch_id == line.branch_id


def test_a_run_that_was_killed_before_the_migration_was_counted_counts_it_next_time(monkeypatch):
    install()
    make_line()
    snapshot(MONTH_BEFORE)
    snapshot(MONTH_END)

    def killed(*args: object) -> None:
        raise RuntimeError("killed")

    with monkeypatch.context() as patch:
        patch.setattr(months, "_record_flows", killed)
        with pytest.raises(RuntimeError):
            record_segments(as_of=NIGHT)
    assert flows(MONTH_END) == {}

    record_segments(as_of=NIGHT)

    assert flows(MONTH_END) == {(STAYED, STAYED): 1}


def test_a_snapshot_of_a_sample_is_no_month_end():
    install()
    make_line()
    snapshot(MONTH_END)
    make_line()

    assert record_segments(as_of=NIGHT).months == []


def test_changed_bands_place_the_months_before_anew_and_a_changed_name_does_not():
    rows = install()
    make_line()
    snapshot(MONTH_BEFORE)
    snapshot(MONTH_END)
    record_segments(as_of=NIGHT)
    Segmentation.objects.filter(code="mobile").update(name="Other")
    renamed = record_segments(as_of=NIGHT)
    value, *others = rows["mobile"].dimensions
    value["bands"][1]["to"] = value["bands"][2]["from"] = 101
    Segmentation.objects.filter(code="mobile").update(dimensions=[value, *others])

    report = record_segments(as_of=NIGHT)

    assert renamed.months == []
    assert report.months == [str(MONTH_BEFORE), str(MONTH_END)]
    assert flows(MONTH_END) == {("mobile.mid.middle.unbound",) * 2: 1}
    assert SegmentNight.objects.values("definition").distinct().count() == 1


def test_a_night_before_the_one_that_stands_keeps_months_only():
    install()
    make_line(as_of=NIGHT)
    record_segments(as_of=NIGHT)
    snapshot(MONTH_END)

    report = record_segments(as_of=date(2026, 11, 5), history_only=True)

    assert (report.rows, report.months) == (0, [str(MONTH_END)])
    assert SegmentNight.objects.filter(as_of=date(2026, 11, 5)).count() == 0


def record_flow(month: date, after: str, lines: int) -> None:
    SegmentFlow.objects.create(
        segmentation=Segmentation.objects.get(code="mobile"), branch=make_branch(), month=month, layer="stability",
        before=STAYED, after=after, lines=lines, revenue=0,
    )  # fmt: skip


@pytest.mark.parametrize(
    ("usual", "now", "stays", "opened"),
    [
        (50, 120, 880, 1),  # 5 % before, 12 % now: 2.4 times
        (50, 90, 910, 0),  # 1.8 times
        (5, 19, 981, 0),  # nearly four times, but of 19 lines
        (0, 30, 970, 1),  # where nobody ever went
        (2, 25, 60, 0),  # of a cell of 85 lines
    ],
)
def test_a_flow_that_jumps_is_an_alert_with_its_figures(usual, now, stays, opened):
    install()
    manager, supervisor = make_user(role="manager"), make_user(role="supervisor")
    for month in (date(2026, 8, 31), MONTH_BEFORE):
        record_flow(month, STAYED, 1000 - usual)
        if usual:
            record_flow(month, FELL, usual)
    record_flow(MONTH_END, STAYED, stays)
    record_flow(MONTH_END, FELL, now)

    assert judge_flows(until=NIGHT) == opened

    alerts = list(Alert.objects.of_kinds([FLOW_KIND]).open())
    assert len(alerts) == opened
    assert {notice.person_id for notice in manager.notices.all()} == ({manager.pk} if opened else set())
    assert not supervisor.notices.exists()
    if usual == 50 and opened:
        assert alerts[0].value == 2.4
        assert alerts[0].sentence == (
            "Mobile: stability and need: 120 lines went from “High value · Middle · Not bound” to “High value · High ·"
            " Not bound” in the month to 31 Oct 2026, 12.0% of the cell; usual are 5.0%"
        )


def test_an_alert_closes_when_the_flow_is_usual_again():
    install()
    for month, lines in ((date(2026, 8, 31), 50), (MONTH_BEFORE, 150)):
        record_flow(month, FELL, lines)
        record_flow(month, STAYED, 1000 - lines)
    judge_flows(until=MONTH_BEFORE)
    assert Alert.objects.open().count() == 1
    record_flow(MONTH_END, STAYED, 1000)

    judge_flows(until=NIGHT)

    assert Alert.objects.open().count() == 0
