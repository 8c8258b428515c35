"""The rule builder: a rule as form fields that the server draws, reads back and reshapes, with or without script.

`read()` makes a draft (a rule whose values are as typed) from a form, `reshape()` adds or removes a part of it,
`draw()` turns it into boxes for the template. Only campaigns.rules decides whether a draft is a rule.
"""

from campaigns.builder.boxes import GroupBox, draw
from campaigns.builder.drafts import BLANK, read, reshape

__all__ = ["BLANK", "GroupBox", "draw", "read", "reshape"]
