"""The floor and the list of orders (`board`), and what is done with many of them (`bulk`)."""
