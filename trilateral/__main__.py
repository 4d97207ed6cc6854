"""``python -m trilateral``."""

from trilateral.cli import main

main()
