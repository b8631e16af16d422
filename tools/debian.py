"""Packages of the operating system, where this program may install them: Debian and its kin, as root."""

import os
import shutil

from tools.steps import StepError, run


def install(*packages: str) -> bool:
    """Install `packages`; False when this is no Debian, the user is not root, or a package cannot be had."""
    if os.geteuid() != 0 or not shutil.which("apt-get"):
        return False
    env = {**os.environ, "DEBIAN_FRONTEND": "noninteractive"}
    options = ["--yes", "--quiet", "--no-install-recommends"]
    try:
        run("Debian's list of packages", ["apt-get", "--quiet", "update"], env)
        run(f"Debian package {' '.join(packages)}", ["apt-get", "install", *options, *packages], env)
    except StepError:
        return False
    return True
