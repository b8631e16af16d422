"""`make torture`: kill the site at random moments, and look for what was lost or doubled (tests/torture).

SEED makes the same moments again, ROUNDS says how many kills. DATABASE_URL and REDIS_URL name servers to do it on.
"""

import subprocess
import sys

from tools.install import PYTHON, front_end_packages, python_packages
from tools.steps import ROOT, main


def program() -> None:
    """Install what is missing, and hand over."""
    python_packages("dev")
    front_end_packages("run")
    sys.exit(subprocess.run([PYTHON, "-m", "tests.torture"], cwd=ROOT, check=False).returncode)  # noqa: S603 - our own


if __name__ == "__main__":
    main(program)
