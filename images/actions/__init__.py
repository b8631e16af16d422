"""The verbs of pictures."""

from images.actions.pictures import delete, favour, forget, restore

__all__ = ["delete", "favour", "forget", "restore"]
