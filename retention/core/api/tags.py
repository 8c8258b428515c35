"""Registry of the OpenAPI tags that group the operations. An app declares those of its endpoints."""

from dataclasses import dataclass

from django.utils.functional import Promise

from retention.core.registry import Registry


@dataclass(frozen=True)
class Tag:
    """position: in reading order. title: for the page. text: English, for the OpenAPI document."""

    position: int
    title: Promise
    text: str


TAGS: Registry[str, Tag] = Registry("API tag")


def tags_in_order() -> list[tuple[str, Tag]]:
    """(name, tag) in reading order."""
    return sorted(TAGS.items(), key=lambda item: item[1].position)
