"""The rule language: an audience as data.

A rule is the JSON tree of react-querybuilder, so that machines and other builders can write it as well:

    {"combinator": "and", "not": false, "rules": [
        {"field": "arpu", "operator": ">=", "value": 80},
        {"field": "bill_last", "operator": "<", "valueSource": "field", "value": "bill_base", "factor": 0.7},
        {"field": "contract_ends_on", "operator": "<=", "value": {"days_ago": -60}},
        {"combinator": "or", "rules": [...]}]}

Fields are those of the field catalogue (`attributes.KEY` for an operator's own field). A comparison with a missing
value is false; `not` is the plain complement of the group, so it matches lines whose values are missing.
Scenarios, segments, offers and filters all hold such rules; `audience(rule)` returns the matching lines.
"""

from campaigns.audiences.rules.conditions import OPERATORS, Condition, DaysAgo, Group, Operator, operators_for
from campaigns.audiences.rules.fields import RuleField, Type, rule_catalogue
from campaigns.audiences.rules.parameters import Parameter, parameters, with_parameters
from campaigns.audiences.rules.parser import clean, fields_of, keys_in, parse
from campaigns.audiences.rules.queries import as_q, audience
from campaigns.audiences.rules.text import format_rule

__all__ = [
    "OPERATORS",
    "Condition",
    "DaysAgo",
    "Group",
    "Operator",
    "Parameter",
    "RuleField",
    "Type",
    "as_q",
    "audience",
    "clean",
    "fields_of",
    "keys_in",
    "operators_for",
    "parameters",
    "parse",
    "rule_catalogue",
    "format_rule",
    "with_parameters",
]
