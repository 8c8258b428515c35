"""The operator's own fields: `CustomField` rows, whose values stand in the profile's `attributes`."""

from collections.abc import Mapping

from customers.facts.models import CustomField

# Before the key of an own field in rules, factors and data frames.
ATTRIBUTE_PREFIX = "attributes."
OwnFields = Mapping[str, CustomField]
# All own fields of a block of lines, as JSON by key. Parameters: as_of, lo, hi (subscriber ids, inclusive).
OWN_FIELDS_SQL = """
    SELECT r.subscriber_id, jsonb_object_agg(f.key, r.value) AS attributes
    FROM customers_attribute r JOIN customers_customfield f ON f.id = r.field_id
    WHERE r.subscriber_id BETWEEN %(lo)s AND %(hi)s AND (r.as_of IS NULL OR r.as_of <= %(as_of)s)
    GROUP BY r.subscriber_id"""


def custom_fields_by_key() -> dict[str, CustomField]:
    """One query."""
    return {field.key: field for field in CustomField.objects.all()}
