"""Group churn 集体离网 and second SIMs 双卡: groups that may leave together, lines used as a second SIM."""
