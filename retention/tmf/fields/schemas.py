"""JSON Schemas of the small types that the attributes of resources are made of."""

from typing import Any

CURRENCY = "CNY"

TEXT = {"type": "string"}
NUMBER = {"type": "number"}
FLAG = {"type": "boolean"}
INSTANT = {"type": "string", "format": "date-time"}
MONEY = {
    "type": "object",
    "required": ["unit", "value"],
    "properties": {"unit": {"type": "string", "const": CURRENCY}, "value": NUMBER},
}
PERIOD = {
    "type": "object",
    "properties": {"startDateTime": INSTANT, "endDateTime": INSTANT},
    "description": "Both ends belong to it.",
}
QUANTITY = {"type": "object", "required": ["amount", "units"], "properties": {"amount": NUMBER, "units": TEXT}}
CHARACTERISTIC = {
    "type": "object",
    "required": ["name", "value"],
    "properties": {"name": TEXT, "valueType": TEXT, "value": {"type": ["string", "number", "boolean"]}, "@type": TEXT},
}
REFERENCE = {
    "type": "object",
    "required": ["id"],
    "properties": {"id": TEXT, "href": TEXT, "name": TEXT, "role": TEXT, "@type": TEXT, "@referredType": TEXT},
}
# Version 5 puts the reference inside of the relation.
RELATED_PARTY_V5 = {
    "type": "object",
    "required": ["@type", "role", "partyOrPartyRole"],
    "properties": {"@type": TEXT, "role": TEXT, "partyOrPartyRole": REFERENCE},
}
RELATED_ENTITY_V5 = {
    "type": "object",
    "required": ["@type", "role", "entity"],
    "properties": {"@type": TEXT, "role": TEXT, "entity": REFERENCE},
}


def enum(*values: str) -> dict[str, Any]:
    return {"type": "string", "enum": list(values)}


def array_of(schema: dict[str, Any]) -> dict[str, Any]:
    return {"type": "array", "items": schema}


def object_of(**properties: dict[str, Any]) -> dict[str, Any]:
    return {"type": "object", "properties": properties}
