"""What a field is called inside a sentence."""

from campaigns.audiences.rules.fields import RuleField
from campaigns.audiences.rules.phrases import PHRASES


def noun_of(field: RuleField) -> str:
    """Its noun, else its label, which begins small unless it is an abbreviation or the operator's own."""
    phrases = PHRASES.get(field.key)
    if phrases and phrases.noun:
        return str(phrases.noun)
    label = str(field.label)
    return label if field.custom_key or label[:2].isupper() else label[:1].lower() + label[1:]
