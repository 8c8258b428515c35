"""The tables of facts that the simulated operator sends, one module a group of resources."""
