"""The rule language: an audience as data.

A rule is the JSON tree of react-querybuilder, so that machines and other builders can write it as well:

    {"combinator": "and", "not": false, "rules": [
        {"field": "arpu", "operator": ">=", "value": 80},
        {"field": "bill_last", "operator": "<", "valueSource": "field", "value": "bill_base", "factor": 0.7},
        {"field": "calls_out_recent", "operator": "<=", "valueSource": "baseline", "value": 0.7, "least_base": 20},
        {"field": "contract_ends_on", "operator": "<=", "value": {"days_ago": -60}},
        {"field": "last_call_on", "operator": "lastDays", "value": 30},
        {"field": "on_list", "operator": "notIn", "value": ["blacklist"]},
        {"field": "found_by", "operator": "in", "value": ["S4"], "days": 30},
        {"combinator": "or", "rules": [...]}]}

A rule that asks about leaving ("Days since the line left") is about lines that left, every other about lines in use.
Fields are those of the field catalogue (`attributes.KEY` for an operator's own field) and the memberships
(`memberships`): what other tables hold of a line. A comparison with a missing value is false; `not` is the plain
complement of the group, so it matches lines whose values are missing. A membership is never missing.

`baseline` compares a field with its own baseline, `value` being a part of it (0.7: down 30 %). `least_base` and
`least_change` are the floor under the percentage; one of them is needed where a rule is written. Nothing recorded
counts as none, and of a baseline of 0 there is no part.

Scenarios, segments, offers and filters all hold such rules; `audience(rule)` returns the matching lines.
"""

from campaigns.audiences.rules.conditions import OPERATORS, Condition, DaysAgo, Group, Operator, operators_for
from campaigns.audiences.rules.fields import RuleField, Type, rule_catalogue
from campaigns.audiences.rules.parameters import Parameter, parameters, with_parameters
from campaigns.audiences.rules.parser import clean, fields_of, keys_in, parse
from campaigns.audiences.rules.queries import as_q, audience, profiles_of
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
    "profiles_of",
    "rule_catalogue",
    "format_rule",
    "with_parameters",
]
