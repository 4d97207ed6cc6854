"""Estimators that chapters share: thin faces of statsmodels, scipy and ruptures over tidy tables."""


class MeasureError(ValueError):
    """An estimator cannot work with what it was given; the message says which input, value and rule."""
