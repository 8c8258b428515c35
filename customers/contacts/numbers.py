"""The number at which a line's customer is called.

It is the line's own, also after it was ported out. The number of a line that ended otherwise is out of use and goes to
a new owner later, so its customer is called at the contact phone.
"""

from customers.facts.models import Account, Customer, Subscriber

Reason = Subscriber.Reason


def is_out_of_use_sql(line: str) -> str:
    """Condition on a row of Subscriber under the alias `line`: nobody can be called at its number."""
    return f"({line}.status = '{Subscriber.Status.TERMINATED}' AND {line}.termination_reason <> '{Reason.PORT_OUT}')"


def call_number_sql(line: str) -> str:
    """SQL of the number, '' without one. Only for a number out of use another table is looked at."""
    return f"""CASE WHEN {is_out_of_use_sql(line)} THEN (
        SELECT owner.contact_phone FROM {Account._meta.db_table} billed
        JOIN {Customer._meta.db_table} owner ON owner.id = billed.customer_id WHERE billed.id = {line}.account_id
    ) ELSE {line}.phone_number END"""


def call_number(line: Subscriber) -> str:
    """The same for a line that was read with its customer."""
    gone = line.status == Subscriber.Status.TERMINATED and line.termination_reason != Reason.PORT_OUT
    return line.account.customer.contact_phone if gone else line.phone_number
