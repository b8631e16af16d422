"""`make verify-ledger`: check the money of the site in DATA_DIR, or in the database that DATABASE_URL names."""

from tools.install import PYTHON, python_packages
from tools.steps import ROOT, StepError, main, quietly, say


def program() -> None:
    """Say what the command says, and fail when it fails."""
    python_packages("run")
    code, output = quietly([PYTHON, "manage.py", "verify_ledger"], cwd=ROOT)
    if code:
        raise StepError(output.rstrip())
    say(output.rstrip())


if __name__ == "__main__":
    main(program)
