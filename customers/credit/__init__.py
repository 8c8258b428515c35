"""Credit 信用度: score and level of every account in use, each point with its reason (decision 0018)."""
