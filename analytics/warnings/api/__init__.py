"""REST endpoints (B2): the risk of a line, the warned lines, the contacts of a line."""
