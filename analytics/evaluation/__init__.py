"""What a treatment changed: arms compared, by one look or by many, in words; who is to be treated next time."""
