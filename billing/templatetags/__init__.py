"""Template tags of the pages about money."""
