"""Lines whose customer chose to leave and can be called: LeaverProfile, written with each block of the profile.

Who left in arrears, as a false user or for other reasons is not among them, whatever a rule asks. Neither is a line
whose number rings for somebody else now, or for nobody, nor a number that was ported out and is back with us.
"""

from customers import fields
from customers.contacts.numbers import call_number_sql, is_out_of_use_sql
from customers.facts.models import Account, Subscriber
from customers.fields import LATER_AREAS
from customers.fields.choices import VOLUNTARY_REASONS
from customers.profile.models import LeaverProfile

# After half a year a number may long have a new owner at another operator, and the bills of the line are out of reach.
LEAVER_DAYS = 180
LEAVERS, LINES, ACCOUNTS = LeaverProfile._meta.db_table, Subscriber._meta.db_table, Account._meta.db_table
COLUMNS = ", ".join(
    ["subscriber_id", "customer_id", "branch_id", "as_of", "attributes"]
    + [field.key for field in fields.FIELDS.values() if field.area not in LATER_AREAS]
)
_REASONS = ", ".join(f"'{reason}'" for reason in VOLUNTARY_REASONS)
_IN_USE = f"t.status <> '{Subscriber.Status.TERMINATED}'"
_OWN = "ta.customer_id = b.customer_id"

# built: the table of a block of profiles, leavers included.
WRITE_LEAVERS_SQL = f"""
INSERT INTO {LEAVERS} ({COLUMNS})
SELECT {COLUMNS} FROM built b
JOIN LATERAL (
    SELECT {call_number_sql("s")} AS number, {is_out_of_use_sql("s")} AS moved_on
    FROM {LINES} s WHERE s.id = b.subscriber_id
) own ON own.number <> ''
CROSS JOIN LATERAL (
    SELECT coalesce(bool_or({_IN_USE} AND NOT {_OWN}), false) AS has_new_owner,
           coalesce(bool_or({_IN_USE} AND {_OWN}), false) AS is_used_here,
           coalesce(bool_or({is_out_of_use_sql("t")}), false) AS was_given_up
    FROM {LINES} t JOIN {ACCOUNTS} ta ON ta.id = t.account_id WHERE t.phone_number = own.number
) found
WHERE b.days_since_left IS NOT NULL AND b.left_reason IN ({_REASONS}) AND NOT found.has_new_owner
  AND CASE WHEN own.moved_on THEN found.is_used_here OR NOT found.was_given_up ELSE NOT found.is_used_here END
"""
