"""The chat: what a person and a model say to each other."""
