"""The search: parts of names, pinyin, initials, last digits, any case; behind masks and within what one may see."""

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from customers.facts.models import Customer, CustomerName, Subscriber
from customers.facts.name_index import index_stored_names
from customers.facts.name_words import name_query, spell
from customers.ingest.services.removal import forget_names
from retention.core.accounts.roles import Role
from tests.factories import grant, make_account, make_branch, make_customer, make_subscriber, make_user

pytestmark = pytest.mark.django_db


@pytest.fixture
def province():
    return make_branch(name="Province")


@pytest.fixture
def boss(province):
    return make_user(role=Role.MANAGER, branch=province)


def named(name, branch, **line):
    return make_subscriber(customer=make_customer(branch=branch, name=name), branch=branch, **line)


def found(user, text) -> set[str]:
    lines = Subscriber.objects.visible_to(user).search(text)
    return set(lines.values_list("account__customer__name", flat=True))


@pytest.mark.parametrize(
    ("text", "names"),
    [
        ("王", {"王小明", "王海"}),
        ("小明", {"王小明", "欧阳小明"}),
        ("明", {"王小明", "欧阳小明"}),
        ("wxm", {"王小明"}),
        ("WXM", {"王小明"}),
        ("xm", {"王小明", "欧阳小明"}),
        ("oyxm", {"欧阳小明"}),
        ("wangxiaoming", {"王小明"}),
        ("Wang Xiao", {"王小明"}),
        ("xiaoming", {"王小明", "欧阳小明"}),
        ("zengli", {"曾丽"}),
        ("zl", {"曾丽"}),
        ("shanhong", {"单红"}),
        ("danhong", {"单红"}),
        ("lv", {"吕布"}),
        ("SMITH", {"Anna Smith"}),
        ("anna smith", {"Anna Smith"}),
        ("mith", {"Anna Smith"}),
        ("河港 物流", {"河港物流Ab公司"}),
        ("物流AB", {"河港物流Ab公司"}),
        ("wlab", {"河港物流Ab公司"}),
        ("O'Neil", {"Sean O'Neil"}),
        ("w", set()),
        ("小红", set()),
        ("", set()),
    ],
)
def test_a_part_of_a_name_its_pinyin_or_its_initials_find_it(boss, province, text, names):
    for name in ("王小明", "王海", "欧阳小明", "曾丽", "单红", "吕布", "Anna Smith", "河港物流Ab公司", "Sean O'Neil"):
        named(name, province)
    index_stored_names()
    assert found(boss, text) == names


def test_numbers_are_found_by_their_last_digits_and_in_any_case(boss, province):
    account = make_account(customer=make_customer(branch=province, name="Account"), account_no="AC-778812")
    make_subscriber(account=account, branch=province, phone_number="13900001111", subscriber_no="SX-1")
    named("Phone", province, phone_number="13912345678")
    assert found(boss, "5678") == {"Phone"}
    assert found(boss, "678") == {"Phone"}
    assert found(boss, "78") == set()
    assert found(boss, "8812") == {"Account"}
    assert found(boss, "778812") == {"Account"}
    assert found(boss, "ac-778812") == {"Account"}
    assert found(boss, "sx-1") == {"Account"}
    assert found(boss, "139 1234 5678") == {"Phone"}


def test_a_search_does_not_tell_the_digits_that_a_mask_hides(boss, province):
    """139****5678: what asks for more digits than it shows finds no more than the number as a whole."""
    named("Phone", province, phone_number="13912345678")
    assert found(boss, "45678") == set()
    assert found(boss, "12345678") == set()
    assert found(boss, "13912345678") == {"Phone"}


def test_each_role_finds_only_what_it_may_see(province):
    here, there = make_branch(parent=province), make_branch(parent=province)
    mine, other = named("王小明", here, phone_number="13912345678"), named("王小明", there, phone_number="13912345678")
    index_stored_names()
    agent, supervisor = make_user(role=Role.AGENT, branch=here), make_user(role=Role.SUPERVISOR, branch=here)
    manager, analyst = make_user(role=Role.MANAGER, branch=here), make_user(role=Role.ANALYST, branch=there)
    for text in ("xm", "小明", "xiaoming", "5678"):
        seen = {
            user.role: set(Subscriber.objects.visible_to(user).search(text).values_list("pk", flat=True))
            for user in (agent, supervisor, manager, analyst)
        }
        assert seen == {"agent": set(), "supervisor": set(), "manager": {mine.pk}, "analyst": {other.pk}}
    grant(customer=other.account.customer, user=agent)
    assert set(Subscriber.objects.visible_to(agent).search("xm").values_list("pk", flat=True)) == {other.pk}


def test_the_page_finds_by_initials_and_masks_the_number(client, boss, province):
    line = named("王小明", province, phone_number="13912345678")
    index_stored_names()
    client.force_login(boss)
    page = client.get("/customers/?q=WXM").content.decode()
    assert line.subscriber_no in page
    assert "139****5678" in page
    assert "13912345678" not in page


def test_names_are_worked_out_once_by_two_statements(province):
    named("王小明", province)
    index_stored_names()
    for _ in range(50):
        make_customer(branch=province, name="王小明")
    make_customer(branch=province, name="李雷")
    with CaptureQueriesContext(connection) as asked:
        index_stored_names()
    assert len(asked) == 3  # the range of ids, letters, names
    assert CustomerName.objects.count() == 2


def test_a_name_that_nobody_bears_any_more_is_forgotten(boss, province):
    line = named("王小明", province)
    index_stored_names()
    Customer.objects.filter(pk=line.account.customer_id).update(name="李雷")
    index_stored_names()
    assert found(boss, "wxm") == set()
    assert found(boss, "ll") == {"李雷"}
    assert forget_names() == 1
    assert list(CustomerName.objects.values_list("name", flat=True)) == ["李雷"]


def test_letters_are_spelled():
    assert spell(["单", "a", "1", "明"]) == (["单", "明"], ["dan", "ming"], ["shan", "ming"])


def test_a_query_is_quoted():
    assert name_query("O'N\\x") == "'o''n\\\\x':*"
    assert name_query("a") == ""
    assert name_query("王") == "'王':*"
