"""What ships is in order, but a person approves it first."""

import pytest

from campaigns.messages.defaults import TEMPLATES
from campaigns.messages.models import MessageTemplate
from campaigns.messages.queries.preview import samples
from campaigns.messages.services.installation import install_templates
from campaigns.messages.variables import EXAMPLES, VARIABLES
from retention.core.errors import Invalid

pytestmark = pytest.mark.django_db


def test_they_are_written_once_as_drafts():
    assert install_templates() == len(TEMPLATES)
    MessageTemplate.objects.filter(code="points").update(body="changed")
    assert install_templates() == 0
    assert set(MessageTemplate.objects.values_list("state", "enabled", "built_in")) == {("draft", False, True)}
    assert MessageTemplate.objects.get(code="points").body == "changed"


@pytest.mark.parametrize("row", TEMPLATES, ids=lambda row: row["code"])
def test_each_holds_and_fits(row):
    template = MessageTemplate(**row)
    template.normalize()
    shown = samples(template)
    assert [one.language for one in shown] == ["zh", "en"]
    assert all("{" not in one.text and one.length.parts <= 2 for one in shown)


def test_a_template_that_does_not_hold_is_refused():
    with pytest.raises(Invalid):
        MessageTemplate(**TEMPLATES[0] | {"body": "{nothing}"}).normalize()


def test_every_variable_has_examples_in_both_languages():
    assert all(EXAMPLES[language].keys() == VARIABLES.keys() for language in ("en", "zh"))
    assert all(example for values in EXAMPLES.values() for example in values.values())
