"""Template tags of the pages about pictures."""
