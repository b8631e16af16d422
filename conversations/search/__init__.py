"""Finding what was said: the words of titles and messages, an index of them in both databases, and what a query finds.

SQLite's FTS5 and PostgreSQL's full text hold the same words, which `words` makes (docs/decisions/0021).
"""
