"""Writes of campaigns: their life (`life`, `approval`), freezing (`freezing`), waves (`execution`), hold-outs."""
