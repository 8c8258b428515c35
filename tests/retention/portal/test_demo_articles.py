"""Agents of the demo find the articles that ship."""

import pytest

from retention.portal.services.demo_articles import approve_articles
from tests.factories import TODAY, make_user
from workorders.knowledge.models import Article
from workorders.knowledge.services.installation import install_articles

pytestmark = pytest.mark.django_db


def test_what_ships_is_approved_once_by_the_manager(branches):
    manager = make_user(username="manager", role="manager", branch=branches.province)
    shipped = install_articles()
    assert approve_articles(day=TODAY) == shipped > 0
    assert approve_articles(day=TODAY) == 0
    assert not Article.objects.filter(current=None).exists()
    assert set(Article.objects.values_list("approved_by", flat=True)) == {manager.pk}
