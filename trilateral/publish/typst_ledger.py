"""The book's own nodes in print: figures, verdicts, claim cards, the ledger and its picture, the data's tables."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date
from itertools import groupby

from docutils import nodes

from trilateral.charts.palette import VERDICT_SHAPES, VERDICTS
from trilateral.claims import NOT_JUDGED, Claim, Register
from trilateral.publish import languages, ledger
from trilateral.publish import nodes as ledger_nodes
from trilateral.publish.coverage import summary
from trilateral.publish.tables import DIGITS, SINGLE_FACTS, source, title
from trilateral.publish.typst_pictures import Picture
from trilateral.publish.typst_text import array, code, content, escape, headline, label_of, literal, target
from trilateral.publish.typst_writer import PrintError, TypstTranslator
from trilateral.publish.words import (
    BETWEEN,
    HANGS,
    ORDER,
    WHEN,
    beside,
    condition,
    described,
    dissent,
    held,
    is_fragile,
    marks,
    most_say,
    number,
    observations,
    quotation,
    reasons,
    rest_say,
)

MONTHS = ("January", "February", "March", "April", "May", "June", "July", "August", "September", "October",
          "November", "December")
SHOWN_AGAIN = 0.9  # size of a chart that a summary shows again, by what it has in its chapter
UNSPACED, THIN = {"ja"}, "#sym.space.thin;"  # languages that put no spaces between words, and what parts a chip from these
SLIMMEST = 0.3  # share of a card's width that a column of its words has at least
ONLINE = ("A version is the first digits of the SHA-256 of a table’s file. The web edition adds the columns of each table, its "
          "upstream files, the terms in full, the reason for its grade, and the figures and verdicts that stand on it.")


@dataclass
class Record:
    """What the pages say of the claims, collected before any page is translated.

    Attributes
    ----------
    register : Register
        The claims.
    judgements : mapping of claim id to dict
        `trilateral.claims.Judgement.to_dict` of each judged claim.
    places : mapping of claim id to str
        Label of the judgement.
    chapters : mapping of chapter to str
        Titles by the stem of the chapter's page.
    """

    register: Register
    judgements: dict[str, Mapping] = field(default_factory=dict)
    places: dict[str, str] = field(default_factory=dict)
    chapters: dict[str, str] = field(default_factory=dict)

    def word(self, claim_id: str, moment: str = "now") -> str:
        """Verdict on a claim at a moment."""
        self.register[claim_id]
        judgement = self.judgements.get(claim_id)
        return judgement[moment]["verdict"] if judgement else NOT_JUDGED

    def entry(self, claim_id: str) -> dict:
        """A claim as the ledger has it; see `trilateral.publish.ledger.entry`."""
        return ledger.entry(self.register[claim_id], self.register, self.judgements.get(claim_id), None)

    def chapter_title(self, chapter: str) -> str:
        """Title of a chapter's page, or its name where the page is not written yet."""
        return self.chapters.get(chapter, chapter.replace("-", " ").capitalize())

    def short_title(self, chapter: str) -> str:
        """What a chapter's title has before its colon."""
        return self.chapter_title(chapter).partition(":")[0]

    def words(self, group: Iterable[Claim]) -> list[str]:
        """Verdicts now on claims, in the order of verdicts."""
        return sorted((self.word(claim.id) for claim in group), key=ORDER.index)

    def by_chapter(self) -> dict[str, list[Claim]]:
        """Claims by chapter: chapters of the book in its order, then those to come in the register's order."""
        claims = list(self.register.claims.values())
        names = dict.fromkeys([*(c for c in self.chapters if any(k.chapter == c for k in claims)),
                               *(claim.chapter for claim in claims)])
        return {name: [claim for claim in claims if claim.chapter == name] for name in names}


def mark(verdict: str) -> str:
    """A verdict's form in its color, as SVG."""
    return (f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="-1 -1 2 2"><path fill="{VERDICTS[verdict][0]}" '
            f'd="{VERDICT_SHAPES[verdict]}"/></svg>')


def spoken_date(iso: str) -> str:
    """An ISO date as the book's prose writes it, whatever the locale."""
    day = date.fromisoformat(iso)
    return f"{day.day} {MONTHS[day.month - 1]} {day.year}"


def robustness(at: Mapping) -> str:
    """What stands beside a verdict, as Typst: how many specifications agree and what the others say, or that there is one way
    alone; whether it hangs on one act; and which verdicts no data could have given."""
    given, said = at["specifications"], []
    if is_fragile(given):
        rest = rest_say(at)
        counted = most_say(at).replace(" agree", " specifications agree", 1) + (f"; {rest}" if rest else "")
        said.append(f"#fragile(\"fragile\") {escape(counted)}")
    elif given["tried"]:
        others = dissent(at["verdict"], given)
        said.append(escape(f"{given['agree']} of {given['tried']} specifications agree" + (f" ({others})" if others else "")))
    said += [f"#fragile({literal(mark)})" if mark == HANGS else escape(mark) for mark in marks(at)]
    return f"[{', '.join(said)}]"


def caveat(entry: Mapping) -> str:
    """What a reader must know who sees the verdicts alone, as Typst."""
    return content(f"Caveat: {entry['caveat']}") if entry["caveat"] else "none"


def estimate(quantity: Mapping | None) -> str:
    """A quantity with its interval, in words."""
    if quantity is None or quantity["value"] is None:
        return "–"
    if quantity["low"] is None or (quantity["level"] is None and quantity["low"] == quantity["high"]):
        return number(quantity["value"])
    kind = f", {BETWEEN}" if quantity["level"] is None else ""
    return f"{number(quantity['value'])} ({number(quantity['low'])} to {number(quantity['high'])}{kind})"


def quantities_table(entry: Mapping) -> str:
    """The numbers the rule saw, one row a quantity, a column a moment, as Typst; ``none`` when there are none."""
    by_moment = [entry[moment]["quantities"] for moment in WHEN]
    declared = {name: quantity for quantities in by_moment for name, quantity in quantities.items()}
    if not declared:
        return "none"
    levels = {one["level"] for quantities in by_moment for one in quantities.values()
              if one["low"] is not None and one["level"] is not None}
    span = f" ({'/'.join(f'{level:.0%}' for level in sorted(levels))} interval)" if levels else ""
    heads = ", ".join(map(content, (f"Quantity{span}", *WHEN.values())))
    rows = []
    for name, quantity in declared.items():
        rows.append((described(name, quantity), name, [estimate(quantities.get(name)) for quantities in by_moment]))
        if counted := observations(entry, name):
            behind = [number(quantities[name]["n"]) if name in quantities else "–" for quantities in by_moment]
            rows.append(("observations behind it", counted, behind))
    cells = ", ".join(
        one for meaning, name, numbers in rows for one in (
            f"[{escape(meaning)}#h(0.7em, weak: true)#text(size: 8.7pt, {code(name)})]", *map(content, numbers)))
    return f"data-table((1fr, auto, auto), table.header({heads}, table.hline(stroke: 0.5pt + ink)), {cells})"


def _after(node: nodes.Node) -> nodes.Node | None:
    return node.next_node(descend=False, siblings=True)


def _leads_on(node: nodes.paragraph) -> bool:
    """Whether a paragraph must not part from what comes after it."""
    after = _after(node)
    begins = isinstance(after, nodes.bullet_list | nodes.enumerated_list) and node.astext().rstrip().endswith(":")
    return begins or isinstance(after, ledger_nodes.finding)


def as_placed(picture: Picture) -> str:
    """A picture's file and place, as arguments of a Typst function."""
    return f"file: {literal(picture.path)}, share: {picture.share:.1%}, beside: {str(picture.beside).lower()}"


class LedgerTranslator(TypstTranslator):
    """Adds the nodes of `trilateral.publish.nodes`; ``builder.record`` is the `Record`."""

    @property
    def record(self) -> Record:
        return self.builder.record

    def speaker_and_source(self, claim: Claim) -> str:
        source = self.record.register.sources[claim.source]
        return f"{content(claim.speaker)}, {content(source.get('short', source['title']))}"

    def table_link(self, name: str) -> str:
        """A table's name, leading to its description where the book has one."""
        return f"#crossref({target(f'table {name}', optional=True)}, true, {content(title(name))})"

    def verdicts(self, entry: Mapping, dated: bool = False) -> str:
        """The verdicts on a claim, one a moment; one alone where it is not judged."""
        if entry["now"]["verdict"] == NOT_JUDGED:
            return array([f"(moment: [Now], word: {literal(NOT_JUDGED)}, robust: [])"])
        return array(
            f"(moment: {content(heading + dated * (', ' + spoken_date(entry[moment]['date'])))}, "
            f"word: {literal(entry[moment]['verdict'])}, robust: {robustness(entry[moment])})"
            for moment, heading in WHEN.items())

    def decision(self, entry: Mapping) -> str:
        """How a claim was decided: test, lines of the rule with the moments at which they held, rival explanation."""
        lines = array(f"({code(line['verdict'] + ': ' + condition(line['when']))}, "
                      f"{array(map(content, held(entry, line)))})" for line in entry["rule"])
        behind = array(map(content, reasons(entry)))
        share = min(max(len(entry["test"]) / (len(entry["test"]) + len(entry["rival"])), SLIMMEST), 1 - SLIMMEST)
        return (f"(test: {content(entry['test'])}, rival: {content(entry['rival'])}, shares: ({share:.2f}, {1 - share:.2f}), "
                f"lines: {lines}, reasons: {behind})")

    def visit_figure(self, node: nodes.Element) -> None:
        if "payload" not in node:
            return super().visit_figure(node)
        payload = node["payload"]
        for key in ("headline", "alt", "subtitle"):
            if not str(payload.get(key, "")).strip():
                raise PrintError(f"{self.where(node)}: figure {payload['id']} has no {key}")
        label = label_of(self.docname, payload["id"])
        if not self.define(label, node["ids"]):
            raise PrintError(f"{self.where(node)}: figure {payload['id']} occurs twice")
        picture = self.builder.pictures.chart(payload)
        sources = "; ".join(dict.fromkeys(source["source_line"] for source in payload["sources"]))
        self.body.append(
            f"\n\n#finding(number-label: {literal(label)}, {as_placed(picture)}, "
            f"description: {literal(payload['alt'])}, headline: {headline(payload['headline'])}, "
            f"subtitle: {content(payload['subtitle'])}, source: {content(sources) if sources else 'none'}, "
            f"note: {content(payload['note']) if payload.get('note') else 'none'})\n\n")
        raise nodes.SkipNode

    def visit_paragraph(self, node: nodes.paragraph) -> None:
        super().visit_paragraph(node)
        if _leads_on(node):
            self.body.append("#leads-on[")

    def depart_paragraph(self, node: nodes.paragraph) -> None:
        if _leads_on(node):
            self.body.append("]")
        super().depart_paragraph(node)

    def visit_finding(self, node: nodes.Element) -> None:
        payload = node["payload"]
        picture = self.builder.pictures.chart(payload | {"id": f"{payload['id']}-{node['language']}"}, scale=SHOWN_AGAIN)
        sources = "; ".join(dict.fromkeys(source["source_line"] for source in payload["sources"]))
        said = languages.word("Source", node["language"])
        own = label_of(self.docname, f"excerpt {node['figure']}")
        self.body.append(
            f"\n\n#excerpt({literal(own)}, "
            f"{target(label_of(node['home'], node['figure']))}, {as_placed(picture)}, "
            f"description: {literal(payload['alt'])}, headline: {headline(payload['headline'])}, "
            f"subtitle: {content(payload['subtitle'])}, source: {content(f'{said}: {sources}')})\n\n")
        raise nodes.SkipNode

    def visit_verdict(self, node: nodes.Element) -> None:
        judgement = node["payload"]
        claim, entry = self.record.register[judgement["claim"]], self.record.entry(judgement["claim"])
        label = self.record.places[claim.id]
        self.define(label, node["ids"])
        tables = "\\; ".join(self.table_link(name) for name in judgement["tables"])
        self.body.append(
            f"\n\n#judgement({literal(label)}, {content(quotation(claim.quote))}, {self.speaker_and_source(claim)}, "
            f"{self.verdicts(entry, dated=True)}, {caveat(entry)}, {self.decision(entry)}, "
            f"{quantities_table(entry)}, [Data grade {escape(judgement['data_grade'])}: {tables}])\n\n")
        raise nodes.SkipNode

    def visit_claim_card(self, node: nodes.Element) -> None:
        claim, entry = self.record.register[node["claim"]], self.record.entry(node["claim"])
        place = self.record.places.get(claim.id)
        card, after = ledger_nodes.claim_card, _after(node)
        ends = {"first": not isinstance(node.previous_sibling(), card), "last": not isinstance(after, card)}
        ends["before-last"] = not ends["last"] and not isinstance(_after(after), card)
        where = "".join(f", {name}: true" for name, holds in ends.items() if holds)
        self.body.append(
            f"\n\n{self.anchors(node)}#claim-card({content(quotation(claim.quote))}, {self.speaker_and_source(claim)}, "
            f"{self.verdicts(entry)}, {caveat(entry)}, place: {target(place) if place else 'none'}{where})\n\n")
        raise nodes.SkipNode

    def visit_verdict_chip(self, node: nodes.Element) -> None:
        at = self.record.entry(node["claim"])[node.get("moment", "now")]
        language = languages.of(self.builder.env, self.docname)
        said = languages.word(at["verdict"], language, "verdicts")
        warning = f", warning: {literal(languages.word('fragile', language))}" if is_fragile(at["specifications"]) else ""
        warning += f", most: {content(more)}" if (more := beside(at, language)) else ""
        chip = f"#chip({literal(at['verdict'])}, said: {literal(said)}{warning})"
        self.body.append(f"{THIN}{chip}{THIN}" if language in UNSPACED else chip)
        raise nodes.SkipNode

    def visit_claims_picture(self, node: nodes.Element) -> None:
        counts = dict.fromkeys(ORDER, 0)
        rows = []
        for chapter, claims in self.record.by_chapter().items():
            marks = []
            for claim in sorted(claims, key=lambda claim: ORDER.index(self.record.word(claim.id))):
                word = self.record.word(claim.id)
                counts[word] += 1
                place = self.record.places.get(claim.id, f"ledger {claim.id}")
                marks.append(f"(word: {literal(word)}, target: {target(place, optional=True)})")
            rows.append(f"(title: {content(self.record.short_title(chapter))}, marks: {array(marks)})")
        legend = [f"(word: {literal(word)}, count: {count})" for word, count in counts.items() if count]
        spoken = ", ".join(f"{count} {word}" for word, count in counts.items() if count)
        alt = f"All {sum(counts.values())} claims by chapter and present verdict: {spoken}."
        self.body.append(f"\n\n{self.anchors(node)}#claims-picture({literal(alt)}, {array(rows)}, {array(legend)})\n\n")
        raise nodes.SkipNode

    def visit_ledger_table(self, node: nodes.Element) -> None:
        judged, waiting = [], []
        for chapter, claims in self.record.by_chapter().items():
            title = content(self.record.chapter_title(chapter))
            done = [claim for claim in claims if claim.id in self.record.judgements]
            open_ = [claim for claim in claims if claim.id not in self.record.judgements]
            if done:
                judged.append(f"(title: {title}, rows: {array(map(self._ledger_row, done))})")
            if open_:
                quotes = array(f"({literal(self._ledger_place(claim))}, {content(quotation(claim.quote))})"
                               for claim in open_)
                waiting.append(f"(title: {title}, quotes: {quotes})")
        self.body.append(f"\n\n{self.anchors(node)}#ledger({array(judged)}, {array(waiting)})\n\n")
        raise nodes.SkipNode

    def _ledger_place(self, claim: Claim) -> str:
        name = f"ledger {claim.id}"
        self.define(name)
        return name

    def _ledger_row(self, claim: Claim) -> str:
        entry = self.record.entry(claim.id)
        source = self.record.register.sources[claim.source].get("short", claim.source)
        return (f"(name: {literal(self._ledger_place(claim))}, quote: {content(quotation(claim.quote))}, "
                f"by: {content(f'{claim.speaker}; {source}')}, caveat: {caveat(entry)}, "
                f"verdicts: {self.verdicts(entry)}, place: {target(self.record.places[claim.id])})")

    def visit_data_tables(self, node: nodes.Element) -> None:
        groups = []
        for chapter, group in groupby(node["tables"], key=lambda table: table["chapter"]):
            title = self.record.chapter_title(chapter) if chapter else "Other tables"
            entries = []
            for table in group:
                label = f"table {table['name']}"
                self.define(label, [f"table-{table['name']}", table["name"]])
                meta = table["meta"]
                facts = array(f"({literal(name)}, {content(value)})" for name, value in table_facts(table).items())
                entries.append(f"table-description({literal(label)}, {content(meta['title'])}, {code(table['name'])}, "
                               f"{content(meta['description'])}, {facts})")
            groups.append(f"({content(title)}, {array(entries)})")
        facts = [{**each, "title": f"{each['title']} ({each['terms']})"} for each in node["single_facts"]]
        lists = array(f"({content(heading)}, {array(map(self._reason, rows))})" for heading, rows in (
            (SINGLE_FACTS, facts), ("Sources left out", node["left_out"])) if rows)
        self.body.append(f"\n\n{self.anchors(node)}{escape(ONLINE)}\n\n#table-descriptions({array(groups)}, {lists})\n\n")
        raise nodes.SkipNode

    def _reason(self, each: Mapping[str, str]) -> str:
        return f"({content(each['title'])}, {content(each['reason'])})"


def table_facts(table: Mapping) -> dict[str, str]:
    """What a reader must know of a table before trusting it, as far as its sidecar says.

    Parameters
    ----------
    table : mapping
        One of ``node["tables"]`` of `trilateral.publish.nodes.data_tables`.
    """
    meta = table["meta"]
    coverage, licence = meta.get("coverage", {}), meta.get("licence", {})
    held = [f"{table['rows']:,} rows" if table.get("rows") else "", f"grade {meta['grade']}" if meta.get("grade") else "",
            licence.get("name", ""), f"version {table['sha256'][:DIGITS]}" if table.get("sha256") else ""]
    facts = {
        "": " · ".join(filter(None, held)),
        "Years": summary(table["coverage"]) or str(coverage.get("years") or "").replace("-", "–"),
        "Source": source(meta),
        "Keep in mind": " ".join(meta["caveats"]),
    }
    return {name: value for name, value in facts.items() if value}
