"""The 360 page 用户全息视图 of one line and its customer."""
