"""Honest money: prices, holds, an append-only ledger, grants and usage. Knows people and tokens, not conversations."""
