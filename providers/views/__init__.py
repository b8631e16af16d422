"""The HTTP doors of providers and models."""
