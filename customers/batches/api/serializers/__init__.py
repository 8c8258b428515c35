"""Serializers, JSON Schemas and examples of batches, for checking bodies and for the OpenAPI document."""
