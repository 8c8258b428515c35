"""Every live line stands in exactly one cell or one named exclusion of the night, whatever its facts are."""

import random
from datetime import date, timedelta
from decimal import Decimal

import pytest
from django.db.models import Count, Sum

from campaigns.segments.models import Segmentation, SegmentCount, SegmentNight
from campaigns.segments.rules import LAYERS, NO_MATRIX
from campaigns.segments.services.placement import record_segments
from customers.profile.models import LineSegment, SubscriberProfile
from tests.campaigns.segments.rows import NIGHT, install, make_line
from tests.factories import make_branch, make_plan, make_profile, make_subscriber

pytestmark = pytest.mark.django_db


def place(line: SubscriberProfile) -> tuple[str, str | None]:
    """As placed, which the profile shows as well."""
    line.refresh_from_db()
    stands = LineSegment.objects.get(pk=line.pk)
    assert (line.segment, line.segment_need) == (stands.segment, stands.segment_need)
    return stands.segment, stands.segment_need


@pytest.mark.parametrize(
    ("facts", "cell"),
    [
        ({}, "mobile.high.middle.unbound"),
        ({"arpu": Decimal("49.99")}, "mobile.low.middle.unbound"),
        ({"arpu": Decimal("50")}, "mobile.mid.middle.unbound"),
        ({"arpu": Decimal("80")}, "mobile.high.middle.unbound"),
        ({"arpu": Decimal("120")}, "mobile.top.middle.unbound"),
        ({"arpu": None}, "mobile.unknown.middle.unbound"),
        ({"bill_change": -0.3}, "mobile.high.high.unbound"),
        ({"voice_out_change": -0.31, "is_bundle": True}, "mobile.high.high.unbound"),
        ({"is_bundle": True}, "mobile.high.low.unbound"),
        ({"bill_change": None}, "mobile.high.middle.unbound"),
        ({"bill_change": None, "voice_out_change": None}, "mobile.high.unknown.unbound"),
        ({"contract_days_left": 60, "in_contract": True}, "mobile.high.middle.expiring"),
        ({"contract_days_left": 61, "in_contract": True}, "mobile.high.middle.bound"),
        ({"status": "stopped", "plan_fee": Decimal(0)}, "mobile.-state"),
        ({"plan_fee": Decimal(0)}, "mobile.-free"),
        ({"brand": "专线"}, "mobile.-leased"),
        ({"tenure_days": 91}, "mobile.-new"),
        ({"tenure_days": 92}, "mobile.high.middle.unbound"),
        ({"on_red_list": True}, "mobile.-lists"),
        ({"do_not_disturb": True}, "mobile.-silent"),
    ],
)
def test_a_mobile_line_stands_where_its_facts_put_it(facts, cell):
    install()
    line = make_line(**facts)

    record_segments(as_of=NIGHT)

    assert place(line)[0] == cell


@pytest.mark.parametrize(
    ("facts", "cell"),
    [
        ({}, "mobile~g4.new.mid"),
        ({"terminal_generation": "5G", "terminal_months": 12.0, "data_half": 10_240.0}, "mobile~g5.mid.high"),
        ({"terminal_generation": "2G", "terminal_months": 18.0, "data_half": 2_047.9}, "mobile~older.old.low"),
        ({"terminal_generation": "", "terminal_months": None, "data_half": None}, "mobile~unknown.unknown.unknown"),
        ({"do_not_disturb": True}, "mobile.-silent"),
    ],
)
def test_the_need_is_a_place_of_its_own(facts, cell):
    install()
    line = make_line(**facts)

    record_segments(as_of=NIGHT)

    assert place(line)[1] == cell


def test_a_broadband_line_has_its_own_matrix_and_other_types_say_that_they_have_none():
    install()
    wired = make_line(line_type="broadband", bandwidth=1000, mobile_lines_of_customer=2, voice_out_change=None)
    unknown = make_line(line_type="broadband", bandwidth=None, iptv_lines_of_customer=1)
    fixed = make_line(line_type="fixed")

    report = record_segments(as_of=NIGHT)

    assert place(wired) == ("broadband.high.middle.unbound", "broadband~yes.no.high")
    assert place(unknown) == ("broadband.high.middle.unbound", "broadband~no.yes.unknown")
    assert place(fixed) == (NO_MATRIX, None)
    assert (report.lines, report.unplaced) == (3, 1)


def make_base(count: int) -> None:
    """Lines of any type with random facts, each of which may be missing."""
    dice = random.Random(7)
    branch, plan = make_branch(), make_plan()
    maybe = lambda value: dice.choice([value, value, None])  # noqa: E731
    for _ in range(count):
        line = make_subscriber(
            branch=branch, plan=plan, line_type=dice.choice(["mobile", "broadband", "iptv", "fixed"]),
            status=dice.choice(["active", "active", "active", "stopped"]),
        )  # fmt: skip
        make_profile(
            subscriber=line, as_of=NIGHT,
            **{
                "arpu": maybe(Decimal(dice.randrange(0, 20_000)) / 100),
                "plan_fee": dice.choice([Decimal(0), None, 59]),
                "bill_change": maybe(dice.uniform(-1, 1)), "voice_out_change": maybe(dice.uniform(-1, 1)),
                "is_bundle": maybe(dice.random() < 0.5), "in_contract": maybe(dice.random() < 0.5),
                "contract_days_left": maybe(dice.randrange(-5, 400)), "terminal_generation": maybe("5G"),
                "terminal_months": maybe(dice.uniform(0, 40)), "data_half": maybe(dice.uniform(0, 20_000)),
                "bandwidth": maybe(dice.randrange(50, 2000)), "tenure_days": maybe(dice.randrange(0, 400)),
                "on_red_list": maybe(dice.random() < 0.2), "do_not_disturb": maybe(dice.random() < 0.2),
                "brand": maybe(dice.choice(["专线", "畅享", ""])), "status": maybe(line.status),
                "mobile_lines_of_customer": maybe(dice.randrange(0, 3)),
            },
        )  # fmt: skip


def test_every_live_line_is_in_exactly_one_cell_or_exclusion_whatever_is_not_known():
    rows = install()
    make_base(300)

    report = record_segments(as_of=NIGHT)

    assert not SubscriberProfile.objects.filter(segment=None).exists()
    assert report.lines == SubscriberProfile.objects.count() == 300
    assert SegmentNight.objects.get(as_of=NIGHT).lines == 300
    for row in rows.values():
        lines = SubscriberProfile.objects.filter(line_type=row.line_type)
        for layer, column in zip(LAYERS, ("segment", "segment_need"), strict=True):
            stand = dict(lines.values_list(column).annotate(n=Count("pk")))
            assert set(stand) <= set(row.matrix.codes(layer))
            assert sum(stand.values()) == lines.count() > 60
            counted = SegmentCount.objects.filter(segmentation=row, as_of=NIGHT, layer=layer)
            assert dict(counted.values_list("cell").annotate(n=Sum("lines"))) == stand


def test_a_second_run_on_the_date_adds_nothing_and_moves_only_whom_it_must():
    install()
    branch = make_branch()
    lines = [make_line(branch=branch) for _ in range(3)]
    assert record_segments(as_of=NIGHT).rows == 3
    before = list(SegmentCount.objects.order_by("cell").values_list("cell", "lines", "revenue"))

    again = record_segments(as_of=NIGHT)
    SubscriberProfile.objects.filter(pk=lines[0].pk).update(bill_change=-0.5)
    moved = record_segments(as_of=NIGHT)

    assert (again.rows, again.lines) == (0, 3)
    assert list(SegmentCount.objects.filter(cell="mobile.high.middle.unbound").values_list("lines", "revenue")) == [
        (2, Decimal("200.00"))
    ]
    assert before == [("mobile.high.middle.unbound", 3, Decimal("300.00")), ("mobile~g4.new.mid", 3, Decimal("300.00"))]
    assert moved.rows == 1
    assert place(lines[0])[0] == "mobile.high.high.unbound"


def test_a_branch_with_a_matrix_of_its_own_takes_its_lines_out_of_the_one_above():
    rows = install()
    province = make_branch()
    city, other = make_branch(parent=province), make_branch(parent=province)
    hall = make_branch(parent=city)
    own = Segmentation.objects.create(
        code="own", name="Own", line_type="mobile", branch=city, enabled=True,
        dimensions=rows["mobile"].dimensions[:1], exclusions=[],
    )  # fmt: skip
    inside, outside = make_line(branch=hall), make_line(branch=other)

    report = record_segments(as_of=NIGHT)

    assert place(inside) == ("own.high", None)
    assert place(outside)[0] == "mobile.high.middle.unbound"
    assert report.lines == 2
    assert SegmentCount.objects.get(segmentation=own).lines == 1


def test_a_matrix_that_cannot_be_read_leaves_its_lines_without_a_matrix_and_says_why():
    rows = install()
    Segmentation.objects.filter(code="mobile").update(dimensions=[rows["mobile"].dimensions[0] | {"field": "gone"}])
    line = make_line()

    report = record_segments(as_of=NIGHT)

    assert place(line)[0] == NO_MATRIX
    assert report.broken == {"mobile": "Value: unknown field “gone”"}


def test_old_nights_go_and_month_ends_stay():
    install()
    line = make_line(as_of=date(2026, 8, 31))
    for day in (date(2026, 8, 31), date(2026, 9, 15), NIGHT - timedelta(days=1), NIGHT):
        SubscriberProfile.objects.filter(pk=line.pk).update(as_of=day)
        record_segments(as_of=day)

    nights = list(SegmentNight.objects.order_by("as_of").values_list("as_of", flat=True))

    assert nights == [date(2026, 8, 31), NIGHT - timedelta(days=1), NIGHT]
