"""Uploads and other stored bytes: storage, limits, thumbnails, downloads."""
