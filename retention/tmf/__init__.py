"""Read-only resources of the product in the shapes of the TM Forum Open APIs (contract, section 4).

Each resource is one table: attribute -> its schema and how it is read from a row. `resources.FACES` lists them all.
"""
