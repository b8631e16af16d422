"""What the project needs on this machine: Python packages in `.venv`, front-end packages in `node_modules`.

Each folder carries a stamp that names the lock file it was made from, so that nothing is installed twice.
"""

import hashlib
import os
import shutil
import sys
from pathlib import Path

from tools import debian
from tools.steps import ROOT, StepError, quietly, run

VENV = ROOT / ".venv"
PYTHON = VENV / "bin" / "python"
NODE_MODULES = ROOT / "node_modules"
OLDEST_NODE = 20
# Node has its own list of authorities; a machine behind an inspecting proxy keeps the proxy's in one of these.
AUTHORITIES = ("/etc/ssl/certs/ca-certificates.crt", "/etc/pki/tls/certs/ca-bundle.crt", "/etc/ssl/cert.pem")


def digest(*paths: Path) -> str:
    """One short name for the content of these files, in this order; a missing file counts as empty."""
    found = hashlib.sha256()
    for path in paths:
        found.update(hashlib.sha256(path.read_bytes() if path.is_file() else b"").digest())
    return found.hexdigest()[:32]


def read_stamp(folder: Path, name: str = ".installed") -> str:
    """What `folder` was made from; empty when it is not there."""
    stamp = folder / name
    return stamp.read_text(encoding="ascii") if stamp.is_file() else ""


def write_stamp(folder: Path, value: str, name: str = ".installed") -> None:
    """Remember what `folder` was made from."""
    (folder / name).write_text(value, encoding="ascii")


def python_packages(wanted: str) -> None:
    """Make `.venv` hold requirements/run.txt, or dev.txt, which holds the same versions and the gate's tools."""
    stamps = {name: f"{name} {digest(ROOT / 'requirements' / f'{name}.txt')}" for name in ("run", "dev")}
    enough = set(stamps.values()) if wanted == "run" else {stamps["dev"]}
    _environment()
    if read_stamp(VENV) in enough:
        return
    write_stamp(VENV, "unfinished")
    _pip(f"Python packages ({wanted})", wanted)
    write_stamp(VENV, stamps[wanted])


def _environment() -> None:
    """Make `.venv`, again when its Python has gone or changed since."""
    if PYTHON.exists() and quietly([PYTHON, "-c", "import pip"])[0] == 0:
        return
    make: list[str | Path] = [sys.executable, "-m", "venv", "--clear", VENV]
    try:
        run("Virtual environment", make)
    except StepError:
        # Debian keeps the module that puts pip into a new environment in a package of its own.
        if not debian.install("python3-venv"):
            raise
        run("Virtual environment", make)


def _pip(title: str, name: str, *options: str) -> None:
    locked = ["--require-hashes", "--no-deps", "-r", f"requirements/{name}.txt"]
    calm = ["--quiet", "--no-input", "--no-user", "--disable-pip-version-check"]
    run(title, [PYTHON, "-m", "pip", "install", *calm, *options, *locked])


def node_environment() -> dict[str, str]:
    """Environment in which `node` (20 or newer) and `npm` are found; installs them into `.venv` when they are not."""
    env = dict(os.environ)
    theirs = env.get("PATH", os.defpath)
    own = f"{VENV / 'bin'}{os.pathsep}{theirs}"
    if not _has_node(theirs):
        wheel = digest(ROOT / "requirements" / "node.txt")
        if read_stamp(VENV, ".node") != wheel or not _has_node(own):
            _pip("Node", "node", "--retries=1", "--force-reinstall")
            write_stamp(VENV, wheel, ".node")
        env["PATH"] = own
    if "NODE_EXTRA_CA_CERTS" not in env:
        candidates = (env.get("SSL_CERT_FILE", ""), *AUTHORITIES)
        known = next((path for path in candidates if path and Path(path).is_file()), None)
        if known:
            env["NODE_EXTRA_CA_CERTS"] = known
    return env


def _has_node(path: str) -> bool:
    node, npm = shutil.which("node", path=path), shutil.which("npm", path=path)
    if not node or not npm:
        return False
    code, version = quietly([node, "--version"])
    major = version.strip().removeprefix("v").split(".")[0]
    return code == 0 and major.isdecimal() and int(major) >= OLDEST_NODE


def front_end_packages(wanted: str) -> dict[str, str]:
    """Make `node_modules` hold what pages load ("run") or that and what checks the JavaScript ("dev").

    Returns the environment for further `npm` and `node` commands.
    """
    lock = digest(ROOT / "package.json", ROOT / "package-lock.json", ROOT / ".npmrc")
    enough = {f"run {lock}", f"dev {lock}"} if wanted == "run" else {f"dev {lock}"}
    if wanted == "run" and read_stamp(NODE_MODULES) in enough:
        return dict(os.environ)  # pages need no Node, only what it fetched
    env = node_environment()
    if read_stamp(NODE_MODULES) not in enough:
        patience = ["--fetch-retries=1", "--fetch-retry-mintimeout=2000"]
        omitted = ["--omit=dev"] if wanted == "run" else []
        run(f"Front-end packages ({wanted})", ["npm", "ci", "--loglevel=error", *patience, *omitted], env)
        write_stamp(NODE_MODULES, f"{wanted} {lock}")
    return env
