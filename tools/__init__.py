"""What the Makefile calls: small programs that use the standard library only, run as `python3 -m tools.<name>`."""

import sys

if sys.version_info < (3, 11):  # noqa: UP036 - said here, where an older Python can still read it
    sys.exit("Chatsite needs Python 3.11 or newer. Install it, or name it: make run PYTHON=/path/to/python3.12")
