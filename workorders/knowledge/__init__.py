"""The knowledge base 知识库: what may be said to customers, written, approved, found and used on calls."""
