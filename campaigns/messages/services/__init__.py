"""Queueing (`queueing`), sending (`sending`), what became of it (`doubts`, `receipts`, `replies`).

`testing` sends to staff; `recording` writes every change."""
