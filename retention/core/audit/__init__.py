"""The audit trail: who did, saw or exported what."""
