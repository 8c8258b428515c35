"""Order types and dispositions as data: what is asked on a call and how a call may end."""
