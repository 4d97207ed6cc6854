"""Altair theme, country colors, shared marks, and the figure contract."""

from trilateral.charts.division import division_chart
from trilateral.charts.figure import MIME, Figure, FigureError, figure
from trilateral.charts.lasting import half_gone, lasting_chart, log_hazard_rows
from trilateral.charts.marks import direct_labels, event_rules, interval_band, margin_axis, size_key, spread
from trilateral.charts.palette import (
    CONTEXT,
    COUNTRIES,
    GRID,
    GROUND,
    INK,
    MUTED,
    SOFT,
    VERDICT_SHAPES,
    VERDICTS,
    country_color,
    country_name,
    verdict_color,
    verdict_shape,
)
from trilateral.charts.rows import point_rows
from trilateral.charts.strip import by_option, option_figure, specification_figure, specification_strip, verdict_legend
from trilateral.charts.theme import NARROW, WIDE

__all__ = [
    "CONTEXT", "COUNTRIES", "GRID", "GROUND", "INK", "MIME", "MUTED", "NARROW", "SOFT", "VERDICTS", "VERDICT_SHAPES", "WIDE",
    "Figure", "FigureError", "by_option", "country_color", "country_name", "direct_labels", "division_chart",
    "event_rules", "figure",
    "half_gone", "interval_band", "lasting_chart", "log_hazard_rows", "margin_axis", "option_figure", "point_rows", "size_key",
    "specification_figure",
    "specification_strip", "spread", "verdict_color", "verdict_legend", "verdict_shape",
]
