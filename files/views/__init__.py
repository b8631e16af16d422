"""The doors: pages, commands, uploads and stored bytes."""
