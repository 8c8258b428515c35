"""The templates that a scenario may send, as scenarios know them."""

from campaigns.messages.models import MessageTemplate
from campaigns.scenarios import message_templates


def templates_in_use() -> dict[str, message_templates.MessageTemplate]:
    return {
        one.code: message_templates.MessageTemplate(one.code, one.title, one.channel, one.purpose)
        for one in MessageTemplate.objects.usable()
    }


def register() -> None:
    message_templates.register_message_templates(templates_in_use)
