"""One conversation as a file to keep: Markdown, JSON or a page. Pure: what `runs.whole` gives to a text."""
