"""Which retention group gets an order: that of the line's branch, else of the nearest branch above it."""

from retention.core.models import Branch, Team

# A LATERAL over the branch `b` and the customer `customer_id`. Groups of one branch share its customers evenly, and a
# customer always comes to the same one of them.
NEAREST_TEAM = f"""
    SELECT t.id FROM {Team._meta.db_table} t JOIN {Branch._meta.db_table} tb ON tb.id = t.branch_id
    WHERE starts_with(b.path, tb.path)
    ORDER BY length(tb.path) DESC, hashint8extended(customer_id, t.id), t.id LIMIT 1
"""
