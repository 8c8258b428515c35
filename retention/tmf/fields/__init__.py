"""Parts of a TM Forum resource: its declaration, attributes, references, values and times, with their schemas."""
