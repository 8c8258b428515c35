from pathlib import Path

import polib
import pytest

from retention.core.management import translations


@pytest.fixture
def catalogue(tmp_path: Path) -> Path:
    file = tmp_path / "locale" / "zh_Hans" / "LC_MESSAGES" / "django.po"
    file.parent.mkdir(parents=True)
    made = polib.POFile()
    made.metadata = {"Content-Type": "text/plain; charset=UTF-8", "Plural-Forms": "nplurals=1; plural=0;"}
    made.append(polib.POEntry(msgid="Customers", msgstr="客户"))
    made.append(polib.POEntry(msgid="%(n)s order", msgid_plural="%(n)s orders", msgstr_plural={0: "%(n)s 张工单"}))
    made.save(str(file))
    translations.compile_catalogue(file)
    return file


def change(file: Path, msgid: str, **values: object) -> None:
    opened = polib.pofile(str(file))
    entry = opened.find(msgid)
    for name, value in values.items():
        setattr(entry, name, value)
    opened.save(str(file))


def test_a_complete_and_compiled_catalogue_has_no_problems(catalogue: Path):
    assert translations.problems(catalogue) == []


@pytest.mark.parametrize(
    ("values", "problem"),
    [({"msgstr": ""}, "not translated: 'Customers'"), ({"flags": ["fuzzy"]}, "fuzzy: 'Customers'")],
)
def test_a_string_without_a_sure_translation_is_named(catalogue: Path, values: dict, problem: str):
    change(catalogue, "Customers", **values)
    assert problem in translations.problems(catalogue)


def test_a_translation_that_lost_its_number_is_named(catalogue: Path):
    change(catalogue, "%(n)s order", msgstr_plural={0: "张工单"})
    assert "another placeholder: '%(n)s order'" in translations.problems(catalogue)


def test_a_catalogue_changed_after_compiling_is_told(catalogue: Path):
    change(catalogue, "Customers", msgstr="顾客")
    assert ["compiled" in problem for problem in translations.problems(catalogue)] == [True]
    translations.compile_catalogue(catalogue)
    assert translations.problems(catalogue) == []


def test_a_missing_catalogue_is_a_problem_of_its_own(tmp_path: Path):
    assert "missing" in translations.problems(tmp_path / "django.po")[0]


@pytest.mark.skipif(not translations.can_extract(), reason="xgettext (package gettext) is not installed")
def test_strings_of_code_and_templates_are_compared_with_the_catalogue(catalogue: Path, tmp_path: Path):
    (tmp_path / "customers").mkdir()
    (tmp_path / "customers" / "views.py").write_text(
        "from django.utils.translation import gettext as _\n_('Customers')\n"
    )
    (tmp_path / "templates").mkdir()
    (tmp_path / "templates" / "page.html").write_text("{% load i18n %}{% translate 'Callback list' %}")
    assert translations.differences(tmp_path, catalogue, "zh_Hans") == [
        "not in the catalogue: 'Callback list'",
        "no longer used: '%(n)s order'",
    ]
