"""The tables of facts of the simulated operator, one module per group of resources."""
