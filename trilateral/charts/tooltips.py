"""What an interactive chart says of the mark under the pointer; still pictures are drawn without it."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping

from trilateral.charts.palette import COUNTRIES

Encoding = Mapping[str, Mapping]
SILENT = {"text", "area", "errorband"}
PLACES = ("x", "y", "xOffset", "yOffset")
ORDER = ("color", "fill", "stroke", "detail", "shape", "size", "row", "column", "facet", *PLACES, "x2", "y2")
KEPT = ("field", "type", "timeUnit", "aggregate", "bin")
REACH = 160  # px², area around a point of a line that answers to the pointer


def with_tooltips(spec: Mapping) -> dict:
    """A Vega-Lite specification whose marks tell series, place and value.

    Lines get invisible points, since a line as a whole has no year. Marks with a tooltip of their own keep it.
    """
    return _view(spec, {})


def _view(view: Mapping, above: Encoding) -> dict:
    own = {**above, **view.get("encoding", {})}
    for kind, given in (("layer", own), ("vconcat", {}), ("hconcat", {}), ("concat", {})):
        if kind in view:
            return {**view, kind: [_view(part, given) for part in view[kind]]}
    if "spec" in view:
        facet = view["facet"] if isinstance(view.get("facet"), Mapping) else {}
        return {**view, "spec": _view(view["spec"], {"facet": facet} if "field" in facet else facet)}
    return _unit(view, own)


def _unit(view: Mapping, encoding: Encoding) -> dict:
    mark = {"type": view["mark"]} if isinstance(view["mark"], str) else dict(view["mark"])
    tooltip = [_said(definition) for definition in _definitions(encoding)]
    alone = mark["type"] == "rule" and len(tooltip) == 1  # a threshold or an event is named beside it
    if mark["type"] in SILENT or alone or not tooltip or "tooltip" in encoding:
        return dict(view)
    names = [each["field"] for each in tooltip if each.pop("codes", False)]
    tooltip = [each | {"field": f"{each['field']}_name", "title": "country"} if each["field"] in names else each
               for each in tooltip]
    transform = [*view.get("transform", []), *map(_named, names)]
    changed = {**view, "transform": transform} if transform else dict(view)
    shown = {**view.get("encoding", {}), "tooltip": tooltip}
    if mark["type"] not in ("line", "trail"):
        return {**changed, "encoding": shown}
    drawn = {key: changed.pop(key) for key in ("mark", "encoding", "params") if key in changed}
    kept = {channel: encoding[channel] for channel in (*PLACES, "color", "detail") if channel in encoding}
    clip = {"clip": mark["clip"]} if "clip" in mark else {}  # points beyond a plot would make room beside it
    points = {"mark": {"type": "point", "filled": True, "opacity": 0, "size": REACH} | clip,
              "encoding": {**kept, "tooltip": tooltip}}
    return {**changed, "layer": [drawn, points]}


def _definitions(encoding: Encoding) -> Iterator[Mapping]:
    """What a mark's channels show, each field once; places without a scale are layout, not data."""
    seen = set()
    for channel in ORDER:
        given = encoding.get(channel)
        if channel[-1] == "2" and given:  # the other end of an interval is measured as the first
            given = {**encoding[channel[0]], "title": None, "axis": None} | given
        elif f"{channel}2" in encoding and "field" in encoding[f"{channel}2"]:
            given = {**given, "title": None, "axis": None}
        given = given.get("condition", given) if isinstance(given, Mapping) and "field" not in given else given
        if isinstance(given, Mapping) and "field" in given and given["field"] not in seen and not _is_layout(given):
            seen.add(given["field"])
            yield given


def _is_layout(definition: Mapping) -> bool:
    return "scale" in definition and definition["scale"] is None


def _said(definition: Mapping) -> dict:
    field, axis = str(definition["field"]), definition.get("axis") or {}
    title = definition.get("title") or axis.get("title") or field.strip("_").replace("_", " ")
    said = {key: definition[key] for key in KEPT if key in definition} | {"title": title}
    if axis.get("format"):
        said["format"] = axis["format"]
    elif definition.get("type") == "temporal":
        said["format"] = "%-d %B %Y"
    elif definition.get("type") == "quantitative":
        said["format"] = "d" if field.endswith("year") else ",.4~r"
    if (definition.get("scale") or {}).get("domain") == list(COUNTRIES):
        said["codes"] = True
    return said


def _named(field: str) -> dict:
    """A transform that puts the names of countries beside their codes."""
    names = json.dumps({code: name for code, (name, _, _) in COUNTRIES.items()})
    return {"calculate": f"{names}[datum['{field}']] || datum['{field}']", "as": f"{field}_name"}
