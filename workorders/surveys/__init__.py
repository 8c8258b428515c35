"""Scripts and questionnaires of order types: branching, scored, in versions."""
