"""``python -m trilateral`` in a kit, where this file is the package's `__main__`: says which commands there are."""

import sys

COMMANDS = """error: a kit has two commands; --help behind either shows what it takes:
  python -m trilateral.rerun      runs the notebooks and compares their verdicts with the published ones
  python -m trilateral.reproduce  compares what saved notebooks say; nothing is run
README.md says more. Building the book needs its repository."""

if __name__ == "__main__":
    print(COMMANDS, file=sys.stderr)
    sys.exit(2)
