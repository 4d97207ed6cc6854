"""``python -m trilateral``."""

import sys

try:
    from trilateral.cli import main
except ModuleNotFoundError as error:
    if (error.name or "").startswith("trilateral"):
        raise
    sys.exit(f"error: {error.name} is not installed in {sys.executable}. Use .venv/bin/python -m trilateral; `make validate` "
             "makes .venv.")

main()
