"""Claims on web pages: chips, cards, judgements, the picture of all and the ledger."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Mapping
from html import escape
from typing import Any

from docutils import nodes as docutils_nodes
from sphinx.environment import BuildEnvironment
from sphinx.util.osutil import relative_uri
from sphinx.writers.html5 import HTML5Translator

from trilateral.charts.palette import VERDICT_SHAPES, VERDICTS
from trilateral.claims import MOMENTS
from trilateral.publish import languages
from trilateral.publish import tables as data_tables
from trilateral.publish.ledger import PARTS
from trilateral.publish.words import (
    BETWEEN,
    HANGS,
    NOT_DUE,
    ONE_WAY,
    ORDER,
    WHEN,
    beside,
    condition,
    curled,
    described,
    dissent,
    escaped,
    held,
    is_fragile,
    marked,
    marks,
    most_say,
    number,
    observations,
    quotation,
    reasons,
    rest_say,
    tallied,
    warnings,
)

CHOSEN = ' class="tl-chosen"'
LEDGER_PAGE = "book/ledger"
GLOSSARY = "book/appendix/glossary"
FRAGILE = "fewer than half of the defensible ways to compute it agree, or of those that keep a main choice"
TURNED = "one act, text or number otherwise, and the verdict is another"


def css_name(verdict: str) -> str:
    return verdict.replace(" ", "-")


def icon(verdict: str, dashed: bool = False) -> str:
    """A verdict's form, over a dashed line where it is fragile and no word says so."""
    return (f'<svg class="tl-icon{" tl-dashed" * dashed}" viewBox="-1.2 -1.2 2.4 2.4" aria-hidden="true">'
            f'<path d="{VERDICT_SHAPES[verdict]}"/></svg>')


def chip(verdict: str, language: str = languages.ENGLISH) -> str:
    """A verdict's word with its form and color."""
    said = languages.word(verdict, language, "verdicts")
    return f'<span class="tl-chip v-{css_name(verdict)}">{icon(verdict)}{escaped(said)}</span>'


def warning(term: str, title: str, said: str, glossary: str = "") -> str:
    """A word of warning with what it means: where the address of the glossary is known, as a link to the term."""
    if not glossary:
        return f'<abbr class="tl-fragile" title="{title}">{said}</abbr>'
    anchor = f"{glossary}#term-{css_name(term)}"
    return f'<a class="reference internal tl-fragile" href="{anchor}" title="{title}">{said}</a>'


def fragile(at: Mapping, language: str = languages.ENGLISH, glossary: str = "") -> str:
    """The word that warns of a verdict most calculations contradict; nothing for any other."""
    if not is_fragile(at["specifications"]):
        return ""
    title, said = (escaped(languages.word(text, language)) for text in (FRAGILE, "fragile"))
    return warning("fragile", title, said, glossary)


def robustness(at: Mapping, glossary: str = "") -> str:
    """How many specifications agree and what the others say, of a fragile verdict what most say; else in how many ways it was
    computed; whether it hangs on one act; and which verdicts no data could have given."""
    given = at["specifications"]
    others = dissent(at["verdict"], given)
    unit = '<span class="tl-hidden"> specifications</span> agree'
    counted = most_say(at) or f'{given["agree"]} of {given["tried"]} agree'
    counted = escaped(counted, quote=False).replace(" agree", unit, 1) if given["tried"] else ""
    if is_fragile(given):
        others = rest_say(at)
        rest = f'<span class="tl-dissent">; {others}</span>' if others else ""
    else:
        rest = f'<span class="tl-dissent"> ({others})</span>' if others else ""
    said = [counted + rest] if given["tried"] else []
    said += [warning(HANGS, TURNED, mark, glossary) if mark == HANGS else escaped(mark) for mark in marks(at)]
    quiet = f'<span class="tl-quiet">{", ".join(said)}</span>' if said else ""
    return f"{fragile(at, glossary=glossary)} {quiet}".strip()


def _moments(entry: Mapping, glossary: str = "") -> str:
    parts = "".join(
        f'<div><dt>{WHEN[moment]} <time datetime="{entry[moment]["date"]}">{entry[moment]["date"]}</time></dt>'
        f'<dd>{chip(entry[moment]["verdict"])}{robustness(entry[moment], glossary)}</dd></div>' for moment in MOMENTS)
    return f'<dl class="tl-moments">{parts}</dl>{_caveat(entry)}'


def _caveat(entry: Mapping) -> str:
    return f'<p class="tl-caveat">Caveat: {escaped(entry["caveat"])}</p>' if entry["caveat"] else ""


def _quotation(entry: Mapping, after: str = "") -> str:
    return (f'<blockquote><p>{escaped(quotation(entry["quote"]))}</p></blockquote>'
            f'<p class="tl-by">{escaped(entry["speaker"])}, <cite>{escaped(entry["source_short"])}</cite>{after}</p>')


def card(entry: Mapping, url: str | None, glossary: str = "") -> str:
    """A claim's words, what became of them, and the way to the judgement."""
    why = f' · <a href="{url}">Why<span class="tl-hidden"> this verdict on {entry["id"]}</span></a>'
    link = f'<span class="tl-why">{why}</span>' if url else ""
    return (f'<section class="tl-claim" aria-label="Claim {entry["id"]}"><div>{_quotation(entry, link)}</div>'
            f"<div>{_moments(entry, glossary)}</div></section>\n")


def judgement(entry: Mapping, data_page: str, glossary: str = "") -> str:
    """Where a claim is judged: verdicts, and folded below them the test, its whole rule, the rival and the numbers."""
    titles = {name: escaped(data_tables.title(name)) for name in entry["tables"]}
    tables = "; ".join(f'<a href="{data_page}#{name}">{title}</a>' if data_page else title for name, title in titles.items())
    return (f'<section class="tl-judgement" id="{entry["id"]}" aria-label="Verdict on claim {entry["id"]}">'
            f"{_quotation(entry)}{_moments(entry, glossary)}"
            f'<details><summary>How it was decided</summary><p><b>Test.</b> {escaped(entry["test"])}</p>{_rule(entry)}'
            f'<p><b>Rival explanation.</b> {escaped(entry["rival"])}</p>{_quantities(entry)}'
            f'<p><b>Data</b> of grade {escaped(str(entry["data_grade"]))}: {tables}.</p></details></section>\n')


def _rule(entry: Mapping) -> str:
    """All lines of the rule, the deciding ones marked, and why a moment has too little data for any of them."""
    lines = "".join(
        f'<li{CHOSEN if marks else ""}><code>{escape(line["verdict"])}: {escape(condition(line["when"]))}</code>'
        + "".join(f' <span class="tl-held">{mark}</span>' for mark in marks) + "</li>"
        for line in entry["rule"] for marks in [held(entry, line)])
    behind = "".join(f"<p>{escaped(reason)}</p>" for reason in reasons(entry))
    return f'<p><b>Rule.</b> The first line that holds decides.</p><ol class="tl-rule">{lines}</ol>{behind}'


def _quantities(entry: Mapping) -> str:
    by_moment = [entry[moment]["quantities"] for moment in MOMENTS]
    names = dict.fromkeys(name for quantities in by_moment for name in quantities)
    rows = "".join(_quantity_row(name, [quantities.get(name) for quantities in by_moment], observations(entry, name))
                   for name in names)
    heads = "".join(f'<th scope="col" class="n">{WHEN[moment]}</th>' for moment in MOMENTS)
    return ('<div class="tl-scroll" tabindex="0" role="region" aria-label="Quantities of claim '
            f'{entry["id"]}"><table><thead><tr><th scope="col">Quantity</th>{heads}</tr></thead>'
            f"<tbody>{rows}</tbody></table></div>") if rows else ""


def _quantity_row(name: str, at: list[Mapping | None], counted: str) -> str:
    """A quantity, and where the rule reads it the number of observations behind it, as a row of its own."""
    meaning = described(name, next(filter(None, at)))
    cells = "".join(f'<td class="n">{_number(each) + _interval(each) if each else ""}</td>' for each in at)
    row = f'<tr><th scope="row">{escaped(meaning)} <code>{escaped(name)}</code></th>{cells}</tr>'
    behind = "".join(f'<td class="n">{number(each["n"]) if each else ""}</td>' for each in at)
    return row + (f'<tr><th scope="row">observations behind it <code>{counted}</code></th>{behind}</tr>' if counted else "")


def _number(quantity: Mapping) -> str:
    if quantity["value"] is None:
        return f'<span class="tl-quiet">{escaped(quantity["missing"])}</span>'
    return number(quantity["value"])


def _interval(quantity: Mapping) -> str:
    if quantity["low"] is None or quantity["high"] is None:
        return ""
    if quantity["level"] is None and quantity["low"] == quantity["high"]:
        return ""
    kind = BETWEEN if quantity["level"] is None else f'{quantity["level"]:.0%}'
    return f' <span class="tl-quiet">{number(quantity["low"])} to {number(quantity["high"])} ({kind})</span>'


def _chapters(entries: list[Mapping]) -> list[tuple[str, list[str]]]:
    present = {entry["chapter"] for entry in entries}
    parts = [(part, [chapter for chapter in chapters if chapter in present]) for part, chapters in PARTS.items()]
    other = sorted(present - {chapter for _, chapters in parts for chapter in chapters})
    return [(part, chapters) for part, chapters in [*parts, ("Other", other)] if chapters]


def chapter_title(chapter: str, env: BuildEnvironment) -> str:
    """A chapter's title up to its colon; of one that is not written, its name."""
    for docname, title in env.titles.items():
        if docname.rsplit("/", 1)[-1] == chapter:
            return title.astext().partition(":")[0]
    return chapter.replace("-", " ").capitalize()


def picture(entries: list[Mapping], env: BuildEnvironment, to) -> str:
    """Every claim as a mark; the form and color say the verdict, the link leads to the judgement."""
    switch = "".join(
        f'<label><input type="radio" name="tl-moment" value="{moment}"{" checked" * (moment == "now")}> '
        f"{WHEN[moment]}</label>" for moment in MOMENTS)
    groups = []
    for part, chapters in _chapters(entries):
        rows = []
        for chapter in chapters:
            chosen = [entry for entry in entries if entry["chapter"] == chapter]
            marks = "".join(
                f'<li><a href="{to(entry)}" aria-label="{escaped(_mark_name(entry))}" '
                f'title="{escaped(_mark_name(entry))}">'
                + "".join(f'<span class="at-{moment} v-{css_name(entry[moment]["verdict"])}">'
                          f'{icon(entry[moment]["verdict"], is_fragile(entry[moment]["specifications"]))}</span>'
                          for moment in MOMENTS)
                + "</a></li>" for entry in sorted(chosen, key=_firmest_first))
            rows.append(f'<div class="tl-row"><p>{escaped(chapter_title(chapter, env))}</p><ul>{marks}</ul></div>')
        groups.append(f'<div class="tl-part"><p class="tl-part-name">{escaped(part)}</p>{"".join(rows)}</div>')
    legends = "".join(_legend(entries, moment) for moment in MOMENTS)
    return (f'<section class="tl-picture" aria-label="All claims by chapter and verdict"><fieldset><legend>Verdict'
            f"</legend>{switch}</fieldset>{legends}<div>{''.join(groups)}<p class=\"tl-said\" hidden aria-hidden=\"true\">"
            "Each mark is a claim. Press one for its test.</p></div></section>\n")


def _firmest_first(entry: Mapping) -> tuple[int, bool]:
    return ORDER.index(entry["now"]["verdict"]), is_fragile(entry["now"]["specifications"])


def _legend(entries: list[Mapping], moment: str) -> str:
    count = Counter(entry[moment]["verdict"] for entry in entries)
    shaky = _fragile_ones(entries, moment)
    early = sum(entry[moment]["not_yet_due"] for entry in entries)
    parts = {verdict: [f"{shaky[verdict]} of them fragile"] if shaky[verdict] else [] for verdict in ORDER}
    parts["too little data"] += [f"{early} of them {NOT_DUE}"] if early else []
    items = "".join(f'<li>{chip(verdict)} <b>{count[verdict]}</b>'
                    + (f' <span class="tl-quiet">({"; ".join(parts[verdict])})</span>' if parts[verdict] else "") + "</li>"
                    for verdict in ORDER if count[verdict])
    key = '<li class="tl-quiet">Over a dashed line: fragile</li>' if shaky else ""
    return f'<ul class="tl-legend at-{moment}">{items}{key}</ul>'


def _fragile_ones(entries: list[Mapping], moment: str) -> Counter[str]:
    return Counter(entry[moment]["verdict"] for entry in entries if is_fragile(entry[moment]["specifications"]))


def _mark_name(entry: Mapping) -> str:
    return f'{quotation(entry["quote"])} When written: {marked(entry["written"])}. Now: {marked(entry["now"])}.'


def ledger(entries: list[Mapping], env: BuildEnvironment, to, glossary: str = "") -> str:
    """The table of all claims, complete without a script."""
    rows = []
    for entry in entries:
        cells = "".join(
            f'<td data-label="{WHEN[moment]}" data-sort="{ORDER.index(entry[moment]["verdict"])}">'
            f'{chip(entry[moment]["verdict"])}{robustness(entry[moment], glossary)}</td>'
            for moment in MOMENTS)
        words = escaped(quotation(entry["quote"]))
        words = f'<a href="{to(entry)}">{words}</a>' if entry["url"] else words
        title = escaped(chapter_title(entry["chapter"], env))
        rows.append(
            f'<tr id="{entry["id"]}" data-source="{entry["source"]}" data-chapter="{entry["chapter"]}" '
            f'data-written="{entry["written"]["verdict"]}" data-now="{entry["now"]["verdict"]}" '
            f'data-marked="{"; ".join(["fragile"] * is_fragile(entry["now"]["specifications"]) + warnings(entry["now"]))}">'
            f'<th scope="row" data-label="Claim">{words}<span class="tl-paraphrase">{escaped(entry["paraphrase"])}</span>'
            f'<span class="tl-by">{escaped(entry["speaker"])}, {escaped(entry["source_short"])}</span>'
            f'{_caveat(entry)}</th><td data-label="Chapter">{title}</td>{cells}'
            f'<td data-label="Data">{escaped(entry["data_grade"] or "–")}</td></tr>')
    chapters = [(chapter, chapter_title(chapter, env)) for _, names in _chapters(entries) for chapter in names]
    sources = list(dict.fromkeys((entry["source"], entry["source_short"]) for entry in entries))
    found = [verdict for verdict in ORDER if any(entry["now"]["verdict"] == verdict for entry in entries)]
    form = (
        '<form class="tl-filter" hidden role="search" aria-label="Filter the claims">'
        + select("now", "Verdict now", [(verdict, verdict) for verdict in found])
        + select("marked", "Marked now", [(mark, mark) for mark in ("fragile", ONE_WAY, HANGS)])
        + select("source", "Source", sources) + select("chapter", "Chapter", chapters)
        + '<label>Words <input type="search" name="words" autocomplete="off"></label>'
        + '<button type="reset">Show all</button><output aria-live="polite"></output></form>')
    head = "".join(f'<th scope="col">{name}</th>' for name in ("Claim", "Chapter", *WHEN.values(), "Data"))
    tried = sum(entry["now"]["hangs_on_one_act"] is not None for entry in entries)
    several = sum(entry["now"]["specifications"]["ways"] == "several" for entry in entries)
    key = (f"“Agree” counts the defensible ways to compute a verdict that give the same one; where fewer than half do, or "
           f"fewer than half of those that keep a main choice, it is fragile. {several} of the {len(entries)} verdicts of now "
           "were computed in several ways; “one way” marks one computed in one way only, and one that “hangs on one act” would "
           f"change if a single act, text or number were counted otherwise, which was tried for {tried}. Data: the grade of "
           "the tables a verdict rests on, A the best.")
    return (f'<section class="tl-ledger" aria-label="The ledger"><p class="tl-key">{key}</p>{form}'
            f"<table><thead><tr>{head}</tr></thead>"
            f"<tbody>{''.join(rows)}</tbody></table></section>\n")


def tally(entries: list[Mapping]) -> str:
    """The claims of a chapter as marks, most agreeing first, fragile ones over a dashed line; who does not see them is told
    the counts."""
    count = Counter(entry["now"]["verdict"] for entry in entries)
    shaky = _fragile_ones(entries, "now")
    words = ", ".join(tallied(entries).values())
    marks = "".join(f'<span class="v-{css_name(verdict)}">{icon(verdict) * (count[verdict] - shaky[verdict])}'
                    f'{icon(verdict, dashed=True) * shaky[verdict]}</span>' for verdict in ORDER if count[verdict])
    label = f"{len(entries)} claim{'s' * (len(entries) != 1)}: {words}"
    return f'<span class="tl-tally" role="img" aria-label="{label}" title="{label}">{marks}</span>'


def search_script(entries: list[Mapping], glossary: str = "") -> str:
    """What the search page looks through for claims; a script, since a page opened from a folder may fetch nothing."""
    found = [{"url": entry["url"] or f"{LEDGER_PAGE}.html#{entry['id']}", "quote": quotation(entry["quote"]),
              "paraphrase": curled(entry["paraphrase"]), "verdict": css_name(entry["now"]["verdict"]),
              "shown": entry["now"]["verdict"], "mark": VERDICT_SHAPES[entry["now"]["verdict"]],
              "beside": robustness(entry["now"], glossary),
              "text": " ".join((entry["quote"], entry["paraphrase"], entry["speaker"], entry["id"], entry["caveat"] or ""))}
             for entry in entries]
    return f"window.trilateralClaims={json.dumps(found, ensure_ascii=False)};\n"


def select(name: str, label: str, options: list[tuple[str, str]]) -> str:
    """A choice of a filter: all, or one of the options (value, words)."""
    items = "".join(f'<option value="{escaped(key)}">{escaped(text)}</option>' for key, text in options)
    return f'<label>{label} <select name="{name}"><option value="">All</option>{items}</select></label>'


def _link(translator: HTML5Translator) -> Any:
    builder = translator.builder
    here = builder.get_target_uri(builder.current_docname)

    def to(entry: Mapping) -> str:
        page = entry["url"] or f"{LEDGER_PAGE}.html#{entry['id']}"
        docname, _, anchor = page.partition(".html")
        if docname not in builder.env.all_docs:
            return anchor
        return relative_uri(here, builder.get_target_uri(docname)) + anchor

    return to


def _glossary(translator: HTML5Translator) -> str:
    """The address of the glossary from the page being written; empty in a book that has none."""
    builder = translator.builder
    known = GLOSSARY in builder.env.all_docs
    return relative_uri(builder.get_target_uri(builder.current_docname), builder.get_target_uri(GLOSSARY)) if known else ""


def visit_claim_card(self: HTML5Translator, node: docutils_nodes.Element) -> None:
    entry = node["entry"]
    self.body.append(card(entry, _link(self)(entry) if entry["url"] else None, _glossary(self)))
    raise docutils_nodes.SkipNode


def visit_verdict(self: HTML5Translator, node: docutils_nodes.Element) -> None:
    from trilateral.publish.html_figures import DATA_PAGE
    known = DATA_PAGE in self.builder.env.all_docs
    here = self.builder.get_target_uri(self.builder.current_docname)
    data_page = relative_uri(here, self.builder.get_target_uri(DATA_PAGE)) if known else ""
    self.body.append(judgement(node["entry"], data_page, _glossary(self)))
    raise docutils_nodes.SkipNode


def visit_verdict_chip(self: HTML5Translator, node: docutils_nodes.Element) -> None:
    entry, language = node["entry"], node["language"]
    at = entry[node["moment"]]
    warned = fragile(at, language, _glossary(self))
    said = f' <span class="tl-quiet">({escaped(said)})</span>' if (said := beside(at, language)) else ""
    self.body.append(f'<a class="tl-chip-link" href="{_link(self)(entry)}">{chip(at["verdict"], language)}</a>'
                     f'{"&nbsp;" if warned else ""}{warned}{said}')
    raise docutils_nodes.SkipNode


def visit_claims_picture(self: HTML5Translator, node: docutils_nodes.Element) -> None:
    self.body.append(picture(node["entries"], self.builder.env, _link(self)))
    raise docutils_nodes.SkipNode


def visit_ledger_table(self: HTML5Translator, node: docutils_nodes.Element) -> None:
    self.body.append(ledger(node["entries"], self.builder.env, _link(self), _glossary(self)))
    raise docutils_nodes.SkipNode


def verdict_css() -> str:
    """Colors of verdicts as custom properties of their classes, for light and dark pages."""
    light = "".join(f".v-{css_name(verdict)}{{--v:{pair[0]}}}" for verdict, pair in VERDICTS.items())
    dark = "".join(f'html[data-theme="dark"] .v-{css_name(verdict)}{{--v:{pair[1]}}}'
                   for verdict, pair in VERDICTS.items())
    return f"{light}\n@media screen{{{dark}}}\n"
