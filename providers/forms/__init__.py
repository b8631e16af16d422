"""What may come in through the doors of providers and models."""
