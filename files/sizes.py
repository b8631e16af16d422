"""Numbers of bytes as people write them. Pure."""

from django.utils import formats
from django.utils.translation import gettext, ngettext

_STEP = 1024


def words(count: int) -> str:
    """`53 bytes`, `2.9 MB`, `256 MB`: two figures at least, and no more decimals than that takes."""
    if count < _STEP:
        return ngettext("%(size)d byte", "%(size)d bytes", count) % {"size": count}
    units = [gettext("%s KB"), gettext("%s MB"), gettext("%s GB")]
    amount, unit = count / _STEP, units.pop(0)
    while amount >= _STEP and units:
        amount, unit = amount / _STEP, units.pop(0)
    decimals = 1 if amount < 10 and round(amount, 1) != round(amount) else 0
    return unit % formats.number_format(round(amount, decimals), decimals)
