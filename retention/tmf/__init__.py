"""Read-only faces of the product in the shapes of the TM Forum Open APIs (contract, section 4).

Each face is one table: attribute -> its schema and how it is read from a row. `faces.FACES` lists them all.
"""
