"""`manage.py launch` (make run): the whole centre on this machine in one process tree."""
