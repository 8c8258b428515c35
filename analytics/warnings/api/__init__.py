"""REST endpoints: the risk of a line, the warned lines, the contacts of a line."""
