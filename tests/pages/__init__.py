"""What pages are made of: assets, tags, and that templates, styles, scripts and words name the same things."""
