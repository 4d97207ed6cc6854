"""Estimators that chapters share: thin faces of statsmodels and scipy over tidy tables."""

from trilateral.as_of import TooLittleError

SEED = 0  # of every random draw in measures and chapters; another one shows how much a verdict leans on chance


class MeasureError(ValueError):
    """An estimator cannot work with what it was given; the message says which input, value and rule."""


class TooFewError(MeasureError, TooLittleError):
    """What an estimator was given is well formed and too little for it; the message says how much there is."""
