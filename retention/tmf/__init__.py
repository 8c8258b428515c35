"""Read-only resources of the product in the shapes of the TM Forum Open APIs.

Each resource is one table: attribute -> its schema and how it is read from a row; `serializers.RESOURCES` lists them.
"""
