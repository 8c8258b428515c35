"""Pure rules of tariffs: charges of a month, who may have which plan, the cheapest of the plans open to a line."""
