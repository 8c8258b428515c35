"""The page of a campaign's result: what it says, to whom, with how many statements."""

import pytest

from retention.core.accounts.roles import Role
from tests.analytics.evaluation.members import CONTROL, TREATED, result
from tests.campaigns.campaigns.rows import make_campaign
from tests.factories import TODAY, make_profile, make_subscriber, make_user

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("standing_clock")]


def body(client, code="autumn") -> str:
    response = client.get(f"/campaigns/{code}/result/")
    assert response.status_code == 200
    return " ".join(response.content.decode().split())


@pytest.fixture
def measured(campaign, crowd):
    make_profile(subscriber=make_subscriber(), as_of=TODAY)
    crowd(campaign, TREATED, 600, left=30)
    crowd(campaign, CONTROL, 600, left=72)
    return campaign


def test_the_page_in_both_languages(client, measured, admin):
    client.force_login(admin)
    text = body(client)
    assert "It keeps lines: 5.00% of the treated left, 12.00% of the control, −7.00 pp (" in text
    assert "This is final: the days of everybody are over." in text
    assert "Incremental saves" in text and "Effect on leaving, as it was known each day" in text
    assert "No member of the control was contacted by anybody." in text
    client.cookies["django_language"] = "zh-hans"
    text = body(client)
    assert "维系组离网5.00%" in text and "对照组12.00%" in text
    assert "It keeps" not in text and "Treated" not in text


def test_the_page_of_the_campaign_has_the_verdict_and_leads_to_the_result(client, measured, admin):
    client.force_login(admin)
    text = " ".join(client.get("/campaigns/autumn/").content.decode().split())
    assert "It keeps lines: 5.00% of the treated left, 12.00% of the control" in text
    assert 'href="/campaigns/autumn/result/"' in text
    make_campaign(code="draft-2")
    assert "/campaigns/draft-2/result/" not in client.get("/campaigns/draft-2/").content.decode()


def test_the_page_of_a_draft_says_that_there_is_nothing_yet(client, admin):
    make_campaign(code="draft-1")
    client.force_login(admin)
    assert "There is nothing to measure yet" in body(client, "draft-1")


def test_a_campaign_of_another_branch_is_not_there(client, branches, campaign):
    campaign.branch = branches.other
    campaign.save()
    client.force_login(make_user(role=Role.MANAGER, branch=branches.outlet))
    assert client.get("/campaigns/autumn/result/").status_code == 404
    client.force_login(make_user(role=Role.AGENT, branch=branches.other))
    assert client.get("/campaigns/autumn/result/").status_code == 403


def test_the_number_of_statements_does_not_grow(measured, crowd, admin, branches, django_assert_max_num_queries):
    with django_assert_max_num_queries(32):
        result(measured, admin)
    crowd(measured, TREATED, 50, branch=branches.other, wave=2, days_ago=30)
    crowd(measured, CONTROL, 50, branch=branches.other, wave=2, days_ago=30)
    with django_assert_max_num_queries(32):
        result(measured, admin)
