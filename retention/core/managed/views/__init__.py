"""Pages of managed rows: one row with its history (`detail`), making, changing, copying and switching (`editing`)."""
