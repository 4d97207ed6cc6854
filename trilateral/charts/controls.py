"""Settings of an interactive chart beyond its author's: a country to highlight, years to look at.

They are parameters bound to inputs, as those of a what-if are, so they work by keyboard and by touch, and a page can keep
them in its address. Still pictures are drawn without them.
"""

from __future__ import annotations

import copy
import json
import re
from collections.abc import Iterator, Mapping
from datetime import date

from trilateral.charts.palette import COUNTRIES
from trilateral.charts.tooltips import with_tooltips

HIGHLIGHT, FROM, TO = "highlight", "from_year", "to_year"
YEARS = range(1900, 2101)
DAY = re.compile(r"\d{4}-\d\d-\d\d")
LEAST_YEARS = 5  # a shorter stretch is seen whole
OPACITY = {"area": 0.18, "errorband": 0.18}  # of the theme; 1 for all else
FADED, FADED_TEXT = 0.2, 0.6  # words stay legible
ONE = re.compile(rf"(?P<field>datum\.\w+) ===? '(?P<code>{'|'.join(COUNTRIES)})'")


def interactive(spec: Mapping) -> dict:
    """A Vega-Lite specification with settings and tooltips, for a browser."""
    given = _undisputed(with_controls(spec))
    settings = [each for each in given.get("params", ()) if "select" not in each]  # these belong to the chart as a whole
    selections = [each for each in given.get("params", ()) if "select" in each]
    drawn = with_tooltips({key: value for key, value in given.items() if key != "params"}
                          | ({"params": selections} if selections else {}))
    return drawn | ({"params": [*drawn.get("params", ()), *settings]} if settings else {})


def _undisputed(spec: Mapping) -> dict:
    """Give the ends of time axes of spans one by one, for every layer that shares them.

    Vega-Lite takes a `domain` for dates where it reads the beginnings of spans, and for words where it reads their ends; it
    warns that they conflict and shows the union, whatever years are chosen.
    """
    changed = copy.deepcopy(dict(spec))
    for view in _views(changed):
        for axis in _axes(view) if _has_spans(view) else ():
            if axis.get("type") == "temporal" and isinstance((axis.get("scale") or {}).get("domain"), list):
                first, last = axis["scale"].pop("domain")
                for name, end in (("domainMin", first), ("domainMax", last)):
                    axis["scale"][name] = end if isinstance(end, Mapping) else {"expr": _moment(end)}
    return changed


def _views(spec: dict) -> Iterator[dict]:
    """The plots of a chart, each with all its layers."""
    if "mark" in spec or "layer" in spec:
        yield spec
    for part in (*(part for kind in ("vconcat", "hconcat", "concat") for part in spec.get(kind, ())),
                 *([spec["spec"]] if "spec" in spec else ())):
        yield from _views(part)


def _has_spans(view: Mapping) -> bool:
    return "x2" in view.get("encoding", {}) or any(map(_has_spans, view.get("layer", ())))


def with_controls(spec: Mapping) -> dict:
    """Add a choice of country where countries have their colors, and of years where time axes end where their author says.

    A chart with settings of its own is left as it is.
    """
    if any("bind" in parameter for parameter in spec.get("params", ())):
        return dict(spec)
    changed = copy.deepcopy(dict(spec))
    marks = list(_marks(changed, {}))
    params = [*_highlight(changed, marks), *_years(changed, marks)]
    return changed | {"params": [*changed.get("params", []), *params]} if params else dict(spec)


def _marks(view: dict, above: Mapping) -> Iterator[tuple[dict, dict]]:
    """Each view with a mark, and its encoding with what it inherits."""
    encoding = {**above, **view.get("encoding", {})}
    for kind in ("layer", "vconcat", "hconcat", "concat"):
        for part in view.get(kind, ()):
            yield from _marks(part, encoding if kind == "layer" else {})
    if "spec" in view:
        yield from _marks(view["spec"], {})
    if "mark" in view:
        if isinstance(view["mark"], str):
            view["mark"] = {"type": view["mark"]}
        yield view, encoding


def _highlight(spec: Mapping, marks: list[tuple[dict, dict]]) -> list[dict]:
    colored = [(view, field) for view, encoding in marks if (field := _country_field(encoding))]
    fields = {field for _, field in colored}
    rows = [row for values in _values(spec) for row in values]
    present = [code for code in COUNTRIES if any(row.get(field) == code for row in rows for field in fields)]
    if len(present) < 2:
        return []
    _follow([view for view, _ in colored if view.get("encoding", {}).get("text", {}).get("type") == "quantitative"])
    for view, field in colored:
        encoding, mark = view.setdefault("encoding", {}), view["mark"]
        if "opacity" in encoding:
            continue
        full = mark.get("opacity", OPACITY.get(mark["type"], 1))
        faded = full * (FADED_TEXT if mark["type"] == "text" else FADED)
        encoding["opacity"] = {"condition": {"test": f"{HIGHLIGHT} == '' || datum[{json.dumps(field)}] == {HIGHLIGHT}",
                                             "value": full}, "value": round(faded, 3)}
    return [{"name": HIGHLIGHT, "value": "", "bind": {
        "input": "select", "name": "Highlight ", "options": ["", *present],
        "labels": ["all", *(COUNTRIES[code][0] for code in present)]}}]


def _follow(numbers: list[dict]) -> None:
    """Numbers that a chart has room for at one country's marks alone move to those of the country highlighted."""
    filters = [step for view in numbers for step in view.get("transform", ()) if ONE.fullmatch(str(step.get("filter")))]
    if len({ONE.fullmatch(step["filter"])["code"] for step in filters}) == 1:
        for step in filters:
            step["filter"] = ONE.sub(rf"\g<field> == ({HIGHLIGHT} || '\g<code>')", step["filter"])


def _country_field(encoding: Mapping) -> str | None:
    color = encoding.get("color")
    given = color.get("condition", color) if isinstance(color, Mapping) else None
    if isinstance(given, Mapping) and (given.get("scale") or {}).get("domain") == list(COUNTRIES):
        return given["field"]
    return None


def _values(view: Mapping) -> Iterator[list[Mapping]]:
    yield from view.get("datasets", {}).values()
    for key, part in view.items():
        if key == "data" and isinstance(part, Mapping) and isinstance(part.get("values"), list):
            yield part["values"]
        elif isinstance(part, list) and key in ("layer", "vconcat", "hconcat", "concat"):
            for each in part:
                yield from _values(each)
        elif key == "spec":
            yield from _values(part)


def _years(spec: dict, marks: list[tuple[dict, dict]]) -> list[dict]:
    axes = [encoding["x"] for _, encoding in marks if _is_time(encoding.get("x"))]
    bounds = {tuple(axis["scale"]["domain"]) for axis in axes if _domain(axis)}
    if not bounds or len({axis["type"] for axis in axes if _domain(axis)}) > 1:
        return []
    ends = min(_year(own[0]) for own in bounds), max(_year(own[1]) for own in bounds)
    known = [year for year in _moments(spec, marks) if ends[0] <= year <= ends[1]] or ends
    first, last = int(min(known)), -int(-max(known) // 1)
    if last - first < LEAST_YEARS or first not in YEARS or last not in YEARS:
        return []
    begin, end = f"min({FROM}, {TO} - 1)", f"max({TO}, {FROM} + 1)"
    cut = {"expr": f"{FROM} > {first} || {TO} < {last}"}
    for view, encoding in marks:
        x = encoding.get("x")
        if view["mark"]["type"] == "text":
            if _is_time(x):
                _leave_out(view, x, begin, end)
        elif not isinstance(x, Mapping) or _is_time(x) or "value" in x:
            view["mark"].setdefault("clip", cut)
    for axis in _axes(spec):
        if _is_time(axis) and _domain(axis):
            own, temporal = axis["scale"]["domain"], axis["type"] == "temporal"
            shown = [_expression(first, begin, own[0], temporal), _expression(last, end, own[1], temporal)]
            if len(bounds) > 1:
                shown = _within(shown, begin, end, own, temporal)
            axis["scale"]["domain"] = [{"expr": each} for each in shown]
            if not temporal and axis.get("axis", {}) is not None:
                axis["axis"] = {"tickMinStep": 1} | axis.get("axis", {})  # of few years, none stands twice
    size = {"min": first, "max": last, "step": 1, "input": "range"}
    return [{"name": FROM, "value": first, "bind": size | {"name": "From "}},
            {"name": TO, "value": last, "bind": size | {"name": "To "}}]


def _moments(spec: Mapping, marks: list[tuple[dict, dict]]) -> Iterator[float]:
    """The years that the data of time axes have: an axis may end beyond them."""
    fields = {channel["field"] for _, encoding in marks if _is_time(encoding.get("x"))
              for channel in (encoding["x"], encoding.get("x2", {})) if "field" in channel}
    for values in _values(spec):
        for value in (row.get(field) for row in values for field in fields):
            if isinstance(value, int | float) or (isinstance(value, str) and DAY.match(value)):
                yield _year(value)


def _within(shown: list[str], begin: str, end: str, own: list, temporal: bool) -> list[str]:
    """The ends of one of several unlike axes: no wider than its own; of years it has nothing of, all of them, empty."""
    chosen = [f"datetime({each}, 0, 1)" if temporal else each for each in (begin, end)]
    whole = [_moment(each) if temporal else str(each) for each in own]
    meets = f"{chosen[0]} < {whole[1]} && {chosen[1]} > {whole[0]}"
    return [f"{meets} ? max({shown[0]}, {whole[0]}) : {chosen[0]}", f"{meets} ? min({shown[1]}, {whole[1]}) : {chosen[1]}"]


def _axes(view: Mapping) -> Iterator[dict]:
    if isinstance(view.get("encoding", {}).get("x"), dict):
        yield view["encoding"]["x"]
    for kind in ("layer", "vconcat", "hconcat", "concat"):
        for part in view.get(kind, ()):
            yield from _axes(part)
    if "spec" in view:
        yield from _axes(view["spec"])


def _is_time(axis: Mapping | None) -> bool:
    """Whether an axis shows dates, or years as numbers."""
    if not isinstance(axis, Mapping) or "field" not in axis or "timeUnit" in axis or "bin" in axis:
        return False
    return axis.get("type") == "temporal" or (axis.get("type") == "quantitative" and axis["field"] in ("year", "time"))


def _domain(axis: Mapping) -> bool:
    domain = (axis.get("scale") or {}).get("domain")
    return isinstance(domain, list) and len(domain) == 2 and all(isinstance(end, int | float | str) for end in domain)


def _year(end: float | str) -> float:
    if isinstance(end, str):
        day = date.fromisoformat(end[:10])
        return day.year + (day.timetuple().tm_yday - 1) / 366
    return float(end)


def _expression(bound: int, chosen: str, own: float | str, temporal: bool) -> str:
    """The end of an axis: its own while the reader has not moved it."""
    name = chosen[4:].split(",")[0]
    if not temporal:
        return f"{name} == {bound} ? {own} : {chosen}"
    return f"{name} == {bound} ? {_moment(own)} : datetime({chosen}, 0, 1)"


def _moment(own: float | str) -> str:
    day = date.fromisoformat(str(own)[:10])
    return f"datetime({day.year}, {day.month - 1}, {day.day})"


def _leave_out(view: dict, axis: Mapping, begin: str, end: str) -> None:
    """Words do not end at the edge of a plot as lines do, and unseen they would still make room for themselves beside it."""
    value, ends = f"datum[{json.dumps(axis['field'])}]", (begin, end)
    if axis["type"] == "temporal":
        value, ends = f"toDate({value})", [f"datetime({each}, 0, 1)" for each in ends]
    view["transform"] = [*view.get("transform", []), {"filter": f"{value} >= {ends[0]} && {value} <= {ends[1]}"}]
