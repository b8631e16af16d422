"""What is stored about files. Constraints live in the database; the bytes themselves in `files.storage`."""

from files.models.extraction import READABLE, UNREAD, ExtractedText, Extraction, ReadingStatus
from files.models.stored import NAME_LENGTH, SHA256_LENGTH, Blob, File, Kind, Source
from files.models.uploads import Part, Upload, UploadStatus

__all__ = [
    "NAME_LENGTH",
    "READABLE",
    "SHA256_LENGTH",
    "UNREAD",
    "Blob",
    "ExtractedText",
    "Extraction",
    "File",
    "Kind",
    "Part",
    "ReadingStatus",
    "Source",
    "Upload",
    "UploadStatus",
]
