"""Pure rules of a mapping: value formats, choices and the mapping document, synonyms."""
