"""verify_ledger."""
