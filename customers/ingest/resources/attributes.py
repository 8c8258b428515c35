from customers.ingest.custom_fields import prepare
from customers.ingest.declare import Fields
from customers.ingest.resource import Resource
from customers.models import Attribute

attribute = Fields(Attribute)

# The operator's own fields: `name` is a declared custom field, `value` must be of its type.
ATTRIBUTES = Resource(
    "attributes",
    Attribute,
    key=("subscriber_no", "name"),
    fields=(
        attribute.subscriber(),
        attribute.to("custom-fields", "name", "field", key="key"),
        attribute.text("value", ""),
        attribute.day("as_of", None),
    ),
    prepare=prepare,
)
