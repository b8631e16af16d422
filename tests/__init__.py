"""The site's tests: one folder an app, one file a verb."""
