"""What can go wrong with files: one class per code."""

from typing import Any

from django.utils.translation import gettext_lazy as _

from files import sizes
from live.errors import Refused


class _Sized(Refused):
    """A refusal whose numbers of bytes are told as people write them; programs get the numbers."""

    @property
    def message(self) -> str:
        return str(self.sentence) % {name: _human(value) for name, value in self.data.items()}


def _human(value: Any) -> Any:
    return sizes.words(value) if isinstance(value, int) else value


class FileEmpty(Refused):
    code = "file_empty"
    sentence = _("This file is empty: it has 0 bytes.")


class FileTooLarge(_Sized):
    """`size` and `limit` in bytes."""

    code, status = "file_too_large", 413
    sentence = _("This file has %(size)s; the most is %(limit)s.")


class QuotaExceeded(_Sized):
    """`needed` and `left` in bytes."""

    code, status = "quota_exceeded", 413
    sentence = _("This needs %(needed)s, and %(left)s of your storage is left. Delete files you no longer need.")


class KindRefused(Refused):
    """`kind`: files.models.Kind."""

    code, status = "kind_refused", 415
    sentence = _("This site takes no files of this kind (%(kind)s).")


class NotAPicture(Refused):
    """The name says picture, the content does not."""

    code, status = "not_a_picture", 415
    sentence = _("This has a picture’s name, but it is no picture, so it was refused.")


class ScriptNotPicture(Refused):
    code, status = "script_not_picture", 415
    sentence = _("This is a script with a picture’s name, so it was refused.")


class PictureBroken(Refused):
    code = "picture_broken"
    sentence = _("This picture is damaged or was cut short, so it was not kept.")


class TooManyPixels(Refused):
    """`width`, `height`, and `limit` for their product, in pixels."""

    code, status = "too_many_pixels", 413

    @property
    def message(self) -> str:
        sentence = _("This picture has %(width)s × %(height)s pixels; the most is %(limit)s megapixels.")
        return str(sentence) % {**self.data, "limit": self.data["limit"] // 1_000_000}


class NotFetched(Refused):
    """`reason`: a sentence; `why`: the code of providers.outbound.FetchFailed."""

    code, status = "not_fetched", 502
    sentence = _("The picture could not be fetched. %(reason)s")


class DiskFull(Refused):
    """The site's disk, not the person's share of it."""

    code, status = "disk_full", 507
    sentence = _("The site’s disk is full. Nothing was stored; tell whoever runs it.")


class FileGone(Refused):
    """It was the person's, and was deleted for good; or its bytes are missing on the disk."""

    code, status = "file_gone", 410
    sentence = _("This file was deleted.")


class UploadIncomplete(Refused):
    """`missing`: numbers of the parts that have not come."""

    code, status = "upload_incomplete", 409
    sentence = _("Parts of this upload are still missing.")


class PartWrong(Refused):
    """`number`: which; `expected`: bytes that it must have, 0 where there is no such part."""

    code = "part_wrong"
    sentence = _("Part %(number)s did not arrive whole: it must have %(expected)s bytes.")


class UploadFinished(Refused):
    code, status = "upload_finished", 409
    sentence = _("This upload has ended.")


class UploadBusy(Refused):
    code, status = "upload_busy", 409
    sentence = _("This upload is just being put together. Ask again in a moment.")


class TooManyUploads(Refused):
    code, status = "too_many_uploads", 409
    sentence = _("%(limit)s uploads are under way already. Finish or cancel some first.")


class BadLines(Refused):
    """`faults`: [{"line", "code", "message"}] of files.jsonl; `cut`: there may be more; `lines` were looked at."""

    code = "bad_lines"
    sentence = _("This file is not what the purpose needs. Nothing was sent.")
