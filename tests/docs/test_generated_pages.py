"""Pages made from the code are as the code says, and what the recipes name is there."""

import re
from pathlib import Path

import pytest
from django.conf import settings

from customers import fields

ROOT = Path(settings.BASE_DIR)
RECIPES = sorted((ROOT / "docs" / "recipes").glob("add-*.md"))
PATH = re.compile(r"`((?:customers|campaigns|workorders|analytics|retention|tests|docs)/[\w/.-]+?\.(?:py|md|html))")
# Files of the commits that a recipe was written from, made for it and not kept.
EXAMPLES = {
    "customers/migrations/0014_roaming_trip.py",
    "tests/customers/ingest/test_roaming_trips.py",
    "tests/analytics/reports/test_risk_by_channel.py",
}


def test_the_glossary_lists_every_field_of_the_catalogue() -> None:
    """Else: manage.py glossary."""
    listed = re.findall(r"^\| `(\w+)` \|", (ROOT / "docs" / "glossary.md").read_text(), re.MULTILINE)
    assert sorted(listed) == sorted(fields.FIELDS)


@pytest.mark.parametrize("recipe", RECIPES, ids=lambda recipe: recipe.stem)
def test_every_file_that_a_recipe_names_is_there(recipe: Path) -> None:
    named = set(PATH.findall(recipe.read_text())) - EXAMPLES
    assert [path for path in sorted(named) if not (ROOT / path).exists()] == []
