"""REST endpoints with which a provider reports on messages and hands on what customers write back."""
