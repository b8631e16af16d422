"""Files that people keep their keys in, read: `config.ini` with a section for each server, or `.env` (A5, A7); pure."""

import configparser

LONGEST = 64 * 1024  # characters of a file
MOST = 20  # servers of one file
# What programs call a field, without case, dashes and a leading OPENAI_ -> ours.
_NAMES = {
    **dict.fromkeys(("api_secret_key", "api_key", "secret_key", "key", "token"), "key"),
    **dict.fromkeys(("base_url", "api_base", "api_base_url", "host", "endpoint"), "base_url"),
    **dict.fromkeys(("model", "default_model", "model_name"), "default_model"),
    **dict.fromkeys(("organization", "organisation", "org_id", "organization_id"), "organization"),
    **dict.fromkeys(("project", "project_id"), "project"),
    **dict.fromkeys(("proxy", "http_proxy", "https_proxy"), "proxy"),
}
_NAMELESS = "OpenAI"  # the section of a file that has none
Section = tuple[str, dict[str, str]]


class UnreadableFileError(ValueError):
    """No such file: `reason` is "shape", "long", "many" or "empty"; `line` counts from 1, 0 where it is unknown."""

    def __init__(self, reason: str, line: int = 0) -> None:
        super().__init__(reason)
        self.reason, self.line = reason, line


def parse(text: str) -> list[Section]:
    """[(section's name, our fields)] of every section that has a key or an address. Raises UnreadableFileError."""
    if len(text) > LONGEST:
        raise UnreadableFileError("long")
    lines = [_plain(line) for line in text.removeprefix("\ufeff").replace("\0", "").splitlines()]
    nameless = next((line for line in lines if line and line[0] not in "#;"), "[")[0] != "["
    parser = configparser.ConfigParser(
        interpolation=None, strict=False, delimiters=("=", ":"), empty_lines_in_values=False
    )
    try:
        parser.read_string("\n".join([f"[{_NAMELESS}]", *lines] if nameless else lines))
    except configparser.ParsingError as error:
        raise UnreadableFileError("shape", error.errors[0][0] - nameless if error.errors else 0) from None
    except configparser.Error as error:
        raise UnreadableFileError("shape", getattr(error, "lineno", None) or 0) from None
    found = [(name, _fields(parser[name])) for name in parser.sections()]
    servers = [(name, fields) for name, fields in found if fields.keys() & {"key", "base_url"}]
    if not servers:
        raise UnreadableFileError("empty")
    if len(servers) > MOST:
        raise UnreadableFileError("many")
    return servers


def _plain(line: str) -> str:
    """A line as configparser takes it: nothing continues the one before, and a shell's `export` is no name."""
    return line.strip().removeprefix("export ")


def _fields(section: configparser.SectionProxy) -> dict[str, str]:
    found: dict[str, str] = {}
    for name, value in section.items():
        ours = _NAMES.get(name.lower().replace("-", "_").removeprefix("openai_"))
        if ours and value:
            found.setdefault(ours, _unquoted(value.strip()))
    return found


def _unquoted(value: str) -> str:
    return value[1:-1] if len(value) > 1 and value[0] == value[-1] and value[0] in "\"'" else value
