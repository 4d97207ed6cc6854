"""The Trilateral Ledger: two policy briefs tested claim by claim on public data."""

__version__ = "0.1.0"
