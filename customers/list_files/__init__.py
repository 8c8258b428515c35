"""Customers put on a list by a file: good rows land, bad ones are named."""
