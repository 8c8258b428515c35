"""The core neither imports nor names what stands above it; the apps declare theirs (retention/core/registry.py)."""

import ast
import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from django.conf import settings

CORE = Path(settings.BASE_DIR, "retention", "core")
# An import or a dotted path, an address ("app:name"), a table ("app_model") or a template ("app/page.html").
APPS = "(customers|campaigns|workorders|analytics)"
UPPER_NAME = re.compile(rf"^{APPS}$|\b{APPS}[.:_/]\w")
# Permissions are one table on purpose.
ALLOWED = {CORE / "accounts" / "roles.py"}
FILES = sorted(set(CORE.rglob("*.py")) - ALLOWED)


def names(source: str) -> Iterator[str]:
    """Modules imported, and text constants that are no docstrings."""
    tree = ast.parse(source)
    prose = {id(node.value) for node in ast.walk(tree) if isinstance(node, ast.Expr)}
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            yield node.module or ""
        elif isinstance(node, ast.Constant) and isinstance(node.value, str) and id(node) not in prose:
            yield node.value


def upper_names(source: str) -> list[str]:
    return [name for name in names(source) if UPPER_NAME.search(name)]


@pytest.mark.parametrize("file", FILES, ids=lambda file: str(file.relative_to(CORE)))
def test_core_names_no_app(file: Path):
    assert upper_names(file.read_text()) == []


@pytest.mark.parametrize(
    "source",
    (
        "import campaigns",
        "from customers.facts import models",
        "TASK = 'analytics.churn.tasks.train'",
        "reverse(f'workorders:order-{page}')",
        "SQL = 'SELECT 1 FROM customers_subscriber'",
    ),
)
def test_a_name_of_an_app_is_found(source: str):
    assert upper_names(source)
