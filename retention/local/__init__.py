"""The product on one machine: embedded PostgreSQL and Valkey, and the launcher behind `make run`."""
