"""The base view of all endpoints, the documentation page, and the administrators' pages of API clients."""
