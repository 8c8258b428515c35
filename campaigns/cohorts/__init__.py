"""Snapshot cohorts 拍照用户: a base frozen by rule on a date, its owners, and what is kept of it month by month."""
