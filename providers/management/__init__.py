"""Management commands of providers."""
