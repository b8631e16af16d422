"""Bytes -> text, whatever its encoding: what the bytes say themselves, then what makes the likeliest text. Pure.

Many East Asian encodings read each other's bytes without an error. What tells them apart is how text is made: mostly of
the characters of an encoding's first level, and to a good part of a few dozen very frequent ones.
"""

import codecs
from collections.abc import Callable

SAMPLE = 8 * 1024  # bytes from which an encoding is chosen
_BOMS = (
    (codecs.BOM_UTF8, "utf-8-sig"),
    (codecs.BOM_UTF32_LE, "utf-32"),
    (codecs.BOM_UTF32_BE, "utf-32"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
)
_SIMPLIFIED = set(
    "的一是不了在人有我他这个们中来上大为和国地到以说时要就出会可也你对生能而子那得于着下自之年过发后"
    "作里用道行所然家种事成方多经么去法学如都同现当没动面起看定天分还进好小部其些主样理心她本前开但因"
    "只从想实日军者意无力它与长把机十民第公此已工使情明性知全三又关点正业外将两高间由问很最重并物手应"
    "战向头文体政美相见被利什二等产或新己制身果加西斯月话合回特代内信表化老给世位次度门任常先海通教儿"
    "原东声提立及比员解水名真论处走义各入几口认条平系气题活尔更别打女变四神总何电数安少报才结反受目太"
    "量再感建务做接必场件计管期市直德资命山金指克许统区保至队形社便空决治展马科司五基眼书非则听白却界"
    "达光放强即像难且权思王象完设式色路记南品住告类求据程北边死张该交规万取拉格望觉术领共确传师观清今"
    "切院让识候带导争运，。、；：“”（）"
)
_TRADITIONAL = set(
    "的一是不了在人有我他這個們中來上大為和國地到以說時要就出會可也你對生能而子那得於著下自之年過發後"
    "作裡用道行所然家種事成方多經麼去法學如都同現當沒動面起看定天分還進好小部其些主樣理心她本前開但因"
    "只從想實日軍者意無力它與長把機十民第公此已工使情明性知全三又關點正業外將兩高間由問很最重並物手應"
    "戰向頭文體政美相見被利什二等產或新己制身果加西斯月話合回特代內信表化老給世位次度門任常先海通教兒"
    "原東聲提立及比員解水名真論處走義各入幾口認條平系氣題活爾更別打女變四神總何電數安少報才結反受目太"
    "量再感建務做接必場件計管期市直德資命山金指克許統區保至隊形社便空決治展馬科司五基眼書非則聽白卻界"
    "達光放強即像難且權思王象完設式色路記南品住告類求據程北邊死張該交規萬取拉格望覺術領共確傳師觀清今"
    "切院讓識候帶導爭運，。、；：「」（）"
)
_JAPANESE = set(
    "のにはをたがでてとしれさあるいすもかなっこそくまだよけどらりうえわんーアイウカクグコサシスセタッ"
    "テトドナニフプマムメモラリルレロン日本人年月大国中会東京都市学生行見出時分上下前後今何言思事者自"
    "、。「」（）"
)
_KOREAN = set(
    "이다는을의에가고하지도를은로한서기어나사그자리시인아니대라들일수있것해정보부장전상과주게원구조제국만내선우"
)
_CYRILLIC = set("оеаинтсрвлкмдпуяыьгзбчйхжшюцОЕАИНТСРВЛКМДП")
_ACCENTED = set("éèêëàâäáãåæçíìîïñóòôöõøœúùûüýßÉÀÄÖÜÅÑÇ’“”–—«»°©€£…·")

_WORDED = {*b"\t\n\r", *range(0x20, 0x7F), *range(0xA0, 0x100)}  # the other byte of a character whose first is zero
_NEVER_MIXED = ("cp1251", "koi8_r")

Row = tuple[str, set[str], Callable[[int, int], float]]


def _level(first: int, last: int, symbols: tuple[int, int], low_trail: int = 0) -> Callable[[int, int], float]:
    """How likely a character of two bytes is: of the first level, a sign, or a rare one."""

    def likely(lead: int, trail: int) -> float:
        if trail < low_trail:
            return -1.0
        if first <= lead <= last:
            return 0.5
        return 0.1 if symbols[0] <= lead <= symbols[1] else -0.6

    return likely


_SINGLE: Callable[[int, int], float] = lambda lead, trail: -0.6  # noqa: E731 - what is not frequent is rare
_TABLE: tuple[Row, ...] = (
    ("gb18030", _SIMPLIFIED, _level(0xB0, 0xD7, (0xA1, 0xA3), 0xA1)),
    ("big5hkscs", _TRADITIONAL, _level(0xA4, 0xC6, (0xA1, 0xA3))),
    ("cp932", _JAPANESE, _level(0x88, 0x97, (0x81, 0x83))),
    ("euc_jp", _JAPANESE, _level(0xB0, 0xCF, (0xA1, 0xA5), 0xA1)),
    ("cp949", _KOREAN, _level(0xB0, 0xC8, (0xA1, 0xA3), 0xA1)),
    ("cp1251", _CYRILLIC, _SINGLE),
    ("koi8_r", _CYRILLIC, _SINGLE),
    ("cp1252", _ACCENTED, _SINGLE),
)


def decode(data: bytes) -> tuple[str, str]:
    """The text, and the name of the encoding that it was read in. What cannot be read becomes U+FFFD."""
    for mark, name in _BOMS:
        if data.startswith(mark):
            return data.decode(name, "replace"), name.removesuffix("-sig")
    if b"\x1b$" in data[:SAMPLE] and data[:SAMPLE].isascii():
        return data.decode("iso2022_jp", "replace"), "iso2022_jp"
    name = _wide(data[:SAMPLE]) or ("utf-8" if _is_utf8(data) else _likeliest(data))
    return data.decode(name, "replace"), name


def _is_utf8(data: bytes) -> bool:
    try:
        data.decode()
    except UnicodeDecodeError as error:
        return error.start >= len(data) - 3 and error.reason == "unexpected end of data"
    return True


def _wide(sample: bytes) -> str:
    """UTF-16 or UTF-32 without a mark; nothing where it is neither."""
    zeros = sample.count(0)
    if not zeros or len(sample) % 2 or (zeros < len(sample) / 10 and _is_utf8(sample)):
        return ""
    columns = [sample[place::4].count(0) * 4 / len(sample) for place in range(4)]
    if columns[0] < 0.1 and min(columns[2], columns[3]) > 0.9:
        return "utf-32-le"
    if columns[3] < 0.1 and min(columns[0], columns[1]) > 0.9:
        return "utf-32-be"
    pairs = list(zip(sample[::2], sample[1::2], strict=True))
    big = sum(high == 0 and low in _WORDED for high, low in pairs)
    little = sum(low == 0 and high in _WORDED for high, low in pairs)
    if max(big, little) < 0.9 * zeros:
        return ""
    return "utf-16-be" if big > little else "utf-16-le"


def _likeliest(data: bytes) -> str:
    """The encoding that makes the likeliest text; UTF-8 where it is only damaged here and there."""
    begin = next((place for place, byte in enumerate(data) if byte > 0x7F), 0)
    sample = data[max(0, begin - 1) :][:SAMPLE]  # with what stands before it
    scores = {name: _score(sample, name, frequent, likely) for name, frequent, likely in _TABLE}
    scores["utf-8"] = _damage(sample)
    return max(scores, key=lambda name: scores[name])


def _damage(sample: bytes) -> float:
    """1.0 for UTF-8 without a fault, less with each."""
    text = sample.decode("utf-8", "replace")
    others = sum(character > "\x7f" for character in text)
    return 1.0 - 3.0 * text.count("\ufffd") / max(1, others)


def _score(sample: bytes, name: str, frequent: set[str], likely: Callable[[int, int], float]) -> float:
    """How likely the sample is a text in this encoding, for each of its bytes over 0x7F and those that go with them."""
    text = sample.decode(name, "replace")
    total, count, before = 0.0, 0, ""
    for character in text:
        mixed, before = name in _NEVER_MIXED and before.isascii() and before.isalpha(), character
        if character <= "\x7f":
            continue
        if mixed:  # no word is half Latin
            total, count = total - 2.0, count + 1
            continue
        if character == "\ufffd":
            total, count = total - 6.0, count + 1
            continue
        coded = character.encode(name, "ignore")  # nothing for the second of two that one code stands for
        count += len(coded)
        if character in frequent:
            total += len(coded)
        elif len(coded) == 2:
            total += 2 * likely(coded[0], coded[1])
        else:
            total -= 0.6 * len(coded)
    return total / count if count else 0.0
