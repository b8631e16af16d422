"""The client against a real server: one file a feature, quirk tables by section."""
