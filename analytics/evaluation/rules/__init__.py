"""Statistics of an experiment over counts and values of its arms. Pure; formulas are those of scipy and statsmodels."""
