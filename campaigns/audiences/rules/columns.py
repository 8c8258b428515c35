"""The column of a field, or the expression that stands for one."""

from typing import cast

from django.db import models
from django.db.models import BooleanField, Case, Expression, F, Func, Value, When
from django.db.models.fields.json import KeyTextTransform
from django.db.models.functions import Cast, NullIf

from campaigns.audiences.rules.fields import RuleField, Type


class NumericField(models.DecimalField):
    """A number of any length, for casts."""

    def db_type(self, connection: object) -> str:
        return "numeric"


def operand(field: RuleField) -> Expression | F:
    """The value of a field: a column, a custom field cast from `attributes` (invalid text is missing), or what other
    tables hold of the line: yes or no, or the codes."""
    if field.membership:
        answer = field.membership.codes() if field.type == Type.MEMBER else field.membership.exists()
        return cast(Expression, answer)  # subqueries are expressions in all but the stubs
    if not field.custom_key:
        return F(field.key)
    text = KeyTextTransform(field.custom_key, "attributes")
    if field.type == Type.TEXT:
        return text
    outputs: dict[Type, tuple[models.Field, str]] = {
        Type.DECIMAL: (NumericField(), "numeric"),
        Type.DATE: (models.DateField(), "date"),
        Type.FLAG: (BooleanField(), "boolean"),
    }
    output, name = outputs[field.type]
    readable = Func(text, Value(name), function="pg_input_is_valid", output_field=BooleanField())
    value = Case(When(readable, then=Cast(text, output)), default=None, output_field=output)
    # PostgreSQL sorts NaN above every number: it would be "above 5".
    return NullIf(value, Cast(Value("NaN"), output)) if field.type == Type.DECIMAL else value
