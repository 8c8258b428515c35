"""Numbers that a form sends back are written plain: the pages separate thousands, what the server reads must not."""

import re
from pathlib import Path

import pytest
from django.conf import settings

from tests.factories import TODAY, make_profile, make_risk_score, make_subscriber

TEMPLATES = sorted(Path(settings.BASE_DIR, "templates").rglob("*.html"))
LOCALISED = re.compile(r"""(?:value="|=)\{\{\s*(?:[\w.]*\.)?(?:pk|version)\s*\}\}""")


@pytest.mark.parametrize("path", TEMPLATES, ids=lambda path: path.stem)
def test_keys_and_versions_in_forms_and_addresses_are_not_localised(path):
    assert LOCALISED.findall(path.read_text()) == []


@pytest.mark.django_db
def test_the_tick_of_a_line_with_a_four_digit_key_can_be_read_back(client, mia):
    line = make_subscriber(pk=41759, branch=mia.branch)
    make_profile(subscriber=line, risk_tier="high", risk_probability=0.4, risk_scored_on=TODAY, expected_gain=9)
    make_risk_score(subscriber=line, as_of=TODAY, probability=0.4, tier="high")
    client.force_login(mia)
    assert 'value="41759"' in client.get("/churn/").content.decode()
    second = client.post("/churn/open-orders/", {"row": "41759"}).content.decode()
    assert 'name="row" value="41759"' in second
