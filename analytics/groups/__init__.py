"""Group churn 集体离网 and second SIMs 双卡 (C6): groups that may leave together, lines that are half gone."""
