"""The HTTP doors of pictures: pages, and the commands that a page or a program sends."""
