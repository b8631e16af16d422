"""Text out of what people upload. Runs in a child process, because it reads hostile bytes: no Django, no settings."""
