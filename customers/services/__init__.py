"""Writes of the customers app. Keyword-only; each is one transaction with its line in the audit trail."""

from customers.services.lists import add_to_list, end_list_entry
from customers.services.phones import reveal_phone
from customers.services.scores import forget_scores, record_scores

__all__ = ["add_to_list", "end_list_entry", "forget_scores", "record_scores", "reveal_phone"]
