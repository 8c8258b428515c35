"""What must hold after every drill, asked of the database from outside. Each function fails with what it found."""

from datetime import date
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from tests.drills.rig import Operator

OPEN = "('queued', 'assigned', 'in_progress', 'waiting')"
# Everything a night writes, but for the job rows themselves and the order of rows in tables.
STATE = {
    "profiles": "customers_subscriberprofile",
    "scores": "customers_riskscore",
    "months": "customers_usagemonth",
    "snapshots": "customers_profilesnapshot",
    "hits": "campaigns_scenariohit",
    "runs": "campaigns_scenariorun",
    "contacts": "customers_contactrecord",
    "orders": "workorders_workorder",
    "trail": "workorders_transition",
    "grants": "customers_customergrant",
    "indicators": "analytics_kpivalue",
    "models": "analytics_modelversion",
    "audit": "core_auditentry",
}


def check_night(operator: "Operator", as_of: date) -> None:
    """Every line that should have one has exactly one score of the night; orders and their trails are whole."""
    wanted = {
        "the night is done": ("SELECT count(*) FROM core_job WHERE kind = 'nightly' AND business_date = %s"
                              " AND state NOT IN ('done', 'gaps')", [as_of]),
        "every step is noted": ("SELECT count(*) FROM core_jobstep s JOIN core_job j ON j.id = s.job_id"
                                " WHERE j.kind = 'nightly' AND j.business_date = %s AND s.finished_at IS NULL",
                                [as_of]),
        "every line in use has one score": (
            "SELECT count(*) FROM (SELECT p.subscriber_id FROM customers_subscriberprofile p"
            " JOIN customers_customer c ON c.id = p.customer_id LEFT JOIN customers_riskscore r"
            " ON r.subscriber_id = p.subscriber_id AND r.as_of = %s"
            " WHERE p.status <> 'terminated' AND NOT c.profiling_opt_out"
            " AND NOT coalesce(p.silent, false) AND NOT coalesce(p.stopped_now, false)"
            " GROUP BY 1 HAVING count(r.subscriber_id) <> 1) wrong", [as_of]),
        "every line in service has a profile of the night": (
            "SELECT count(*) FROM customers_subscriber s LEFT JOIN customers_subscriberprofile p"
            " ON p.subscriber_id = s.id AND p.as_of = %s WHERE s.status <> 'terminated' AND s.activated_on <= %s"
            " AND p.subscriber_id IS NULL", [as_of, as_of]),
        "the profile shows the score": (
            "SELECT count(*) FROM customers_riskscore r JOIN customers_subscriberprofile p USING (subscriber_id)"
            " WHERE r.as_of = %s AND (p.risk_scored_on IS DISTINCT FROM r.as_of"
            " OR abs(p.risk_probability - r.probability) > 1e-6)", [as_of]),
        "nobody has two open orders": (
            f"SELECT count(*) FROM (SELECT customer_id FROM workorders_workorder WHERE state IN {OPEN}"
            " GROUP BY 1 HAVING count(*) > 1) twice", []),
        "each change of state is in the trail": (
            "SELECT count(*) FROM workorders_workorder o"
            " WHERE o.version <> (SELECT count(*) FROM workorders_transition t WHERE t.order_id = o.id)"
            " OR o.state <> (SELECT to_state FROM workorders_transition t"
            " WHERE t.order_id = o.id ORDER BY version DESC LIMIT 1)", []),
        "each opened hit has its order": (
            "SELECT count(*) FROM campaigns_scenariohit h LEFT JOIN workorders_workorder o ON o.order_no = h.order_no"
            " WHERE h.state = 'opened' AND o.id IS NULL", []),
        "no hit of the night waits": (
            "SELECT count(*) FROM campaigns_scenariohit h JOIN campaigns_scenario s ON s.id = h.scenario_id"
            " WHERE h.\"on\" = %s AND h.state = 'pending'", [as_of]),
        "each open order holds one contact": (
            "SELECT count(*) FROM workorders_workorder o WHERE state IN " + OPEN + " AND (SELECT count(*)"
            " FROM customers_contactrecord c WHERE c.order_no = o.order_no AND c.state = 'reserved') <> 1", []),
        "no contact is reserved for nothing": (
            "SELECT count(*) FROM customers_contactrecord c LEFT JOIN workorders_workorder o USING (order_no)"
            " LEFT JOIN campaigns_message m ON m.reference = c.order_no"
            f" WHERE c.state = 'reserved' AND (o.id IS NULL OR o.state NOT IN {OPEN})"
            " AND m.state IS DISTINCT FROM 'queued'", []),
    }  # fmt: skip
    found = {rule: operator.number(question, *params) for rule, (question, params) in wanted.items()}
    assert not any(found.values()), {rule: count for rule, count in found.items() if count}


def fingerprint(operator: "Operator") -> dict[str, tuple]:
    """{what: (rows, digest of all their values)}: the same before and after means that nothing was changed."""
    return {
        name: operator.ask(
            f"SELECT count(*), coalesce(sum(hashtextextended(t::text, 0)::numeric), 0)::text FROM {table} t"
        )[0]
        for name, table in STATE.items()
    }
