"""Which orders are visits. Visits of firms on site have pages of their own (workorders.inspections)."""

VISIT_TYPES = (
    "new_subscriber_visit", "mid_high_value_visit", "full_network_visit", "broadband_care", "wireless_landline_care",
)  # fmt: skip
