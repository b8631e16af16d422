"""Connections to upstreams: which there are, what they list, a ready client, and what their failures mean."""
