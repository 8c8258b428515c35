"""The base of every API endpoint: authentication, rate limits, request and response bodies, schema."""
