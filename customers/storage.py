"""Which tables are partitioned by month, and on which column."""

PARTITIONED = {
    "customers_usageday": "day",
    "customers_usagemonth": "month",
    "customers_bill": "month",
    "customers_balance": "day",
    "customers_riskscore": "as_of",
    "customers_profilesnapshot": "as_of",
}
