"""What a line is worth, what a contact may save of it, and which contacts pay (C7)."""

from analytics.value.leaving import record_leaving_rates

__all__ = ["record_leaving_rates"]
