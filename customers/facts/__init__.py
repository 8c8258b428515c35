"""The facts: tables as the operator's billing and service systems stated them."""
