"""A picture as models see it, and addresses where servers that take no data can fetch it for a while.

Such an address is signed: it names a file and a size, and needs no session. Whoever has it sees the picture.
"""

import uuid

from django.conf import settings
from django.core import signing

from files import pictures, storage
from files.models import File

SECONDS = 3600  # that an address is good for: an answer that begins later than that was never asked for
MOST_PNG = 1_500_000  # bytes of a picture without loss; a larger one is sent as JPEG
_PLAIN = ("image/png", "image/gif", "image/bmp")  # screenshots and drawings: sharp edges, few colours
_SIGNER = signing.TimestampSigner(salt="files.sent", sep="~")


def copy_of(file: File, side: int) -> pictures.Copy:
    """Drawn anew, its longer side `side` pixels at most, without what the camera wrote into it.

    Raises FileGone and what reading a picture raises.
    """
    with storage.open_file(file) as stream:
        copy = pictures.scaled(stream, longest=side, mime="image/png" if file.mime in _PLAIN else "")
        if len(copy.data) > MOST_PNG and copy.mime == "image/png":
            copy = pictures.scaled(stream, longest=side, mime="image/jpeg")
    return copy


def address(file_id: uuid.UUID, side: int) -> str:
    """Where this copy can be fetched for SECONDS; nothing where the site does not know its own address."""
    if not settings.SITE_URL:
        return ""
    return f"{settings.SITE_URL}/files/sent/{_SIGNER.sign(f'{file_id.hex}-{side}')}/"


def meant(token: str) -> tuple[uuid.UUID, int] | None:
    """The file and the size that an address names; None where it is too old, or none of ours."""
    try:
        name, _, side = _SIGNER.unsign(token, max_age=SECONDS).partition("-")
    except signing.BadSignature:
        return None
    return uuid.UUID(name), int(side)
