"""pytest knows a test file by its name alone: a second file of the same name is not collected, and the run is red."""

from collections import Counter

from retention import env


def test_no_two_test_files_have_the_same_name():
    names = Counter(file.name for file in (env.ROOT / "tests").rglob("test_*.py"))
    assert [name for name, count in names.items() if count > 1] == []
