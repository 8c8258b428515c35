"""Tariffs: what a month of use costs on a plan, who may have which plan, and the plan that fits each line best."""
