"""Directives and roles of the book's pages."""

from __future__ import annotations

import csv
import io

from docutils import nodes as docutils_nodes
from sphinx.application import Sphinx
from sphinx.errors import ExtensionError
from sphinx.util.docutils import SphinxDirective, SphinxRole

from trilateral import datapackage
from trilateral.claims import MOMENTS, REGISTER, register
from trilateral.data import DATA
from trilateral.publish import address, languages, licenses, mutation_results, nodes
from trilateral.publish.plain_tables import plain_table
from trilateral.publish.register_figures import FIGURES
from trilateral.publish.tables import LEFT_OUT


class ClaimDirective(SphinxDirective):
    """``{claim} <id>``: a claim's words and what became of them."""

    required_arguments = 1

    def run(self) -> list[docutils_nodes.Node]:
        self.env.note_dependency(str(REGISTER))
        node = nodes.claim_card("", claim=self.arguments[0])
        self.set_source_info(node)
        return [node]


class ClaimsDirective(SphinxDirective):
    """``{claims} <chapter>``: the cards of all claims a chapter judges."""

    required_arguments = 1

    def run(self) -> list[docutils_nodes.Node]:
        self.env.note_dependency(str(REGISTER))
        chosen = register().of_chapter(self.arguments[0])
        if not chosen:
            known = ", ".join(dict.fromkeys(claim.chapter for claim in register().claims.values()))
            raise ExtensionError(f"{self.env.docname}: no claim belongs to chapter {self.arguments[0]!r}; "
                                 f"there are {known}")
        return [nodes.claim_card("", claim=claim.id) for claim in chosen]


class ClaimsPictureDirective(SphinxDirective):
    """``{claims-picture}``: every claim as a mark, by chapter and verdict."""

    def run(self) -> list[docutils_nodes.Node]:
        self.env.note_dependency(str(REGISTER))
        return [nodes.claims_picture("")]


class RecordPictureDirective(SphinxDirective):
    """``{record-picture}``: what the three governments did together, and when the texts appeared."""

    def run(self) -> list[docutils_nodes.Node]:
        self.env.note_dependency(str(REGISTER))
        return [nodes.record_picture("")]


class LedgerDirective(SphinxDirective):
    """``{ledger}``: the table of all claims."""

    def run(self) -> list[docutils_nodes.Node]:
        self.env.note_dependency(str(REGISTER))
        return [nodes.ledger_table("")]


class RegisterFigureDirective(SphinxDirective):
    """``{register-figure} <name>``: a figure of all verdicts, see `trilateral.publish.register_figures`."""

    required_arguments = 1

    def run(self) -> list[docutils_nodes.Node]:
        name = self.arguments[0]
        if name not in FIGURES:
            raise ExtensionError(f"{self.env.docname}: there is no figure {name!r} of the register; there are "
                                 f"{', '.join(FIGURES)}")
        self.env.note_dependency(str(REGISTER))
        return [nodes.register_figure("", name=name, ids=[name])]


class FindingDirective(SphinxDirective):
    """``{finding} <figure>``: a figure of a chapter, without its tools, leading to where it stands.

    On a page in another language it has three paragraphs: headline, subtitle and alt text, whose numbers are injected.
    """

    required_arguments = 1
    has_content = True

    def run(self) -> list[docutils_nodes.Node]:
        self.env.note_dependency(str(languages.FILE))
        node = nodes.finding("", figure=self.arguments[0])
        self.set_source_info(node)
        self.state.nested_parse(self.content, self.content_offset, node)
        return [node]


class VerdictCountsDirective(SphinxDirective):
    """``{verdict-counts}``: claims by verdict, when written and now, in the language of the page."""

    def run(self) -> list[docutils_nodes.Node]:
        self.env.note_dependency(str(REGISTER))
        self.env.note_dependency(str(languages.FILE))
        return [nodes.verdict_counts("")]


class TermsDirective(SphinxDirective):
    """``{terms}``: the glossary, one row a term, one column a language."""

    def run(self) -> list[docutils_nodes.Node]:
        self.env.note_dependency(str(languages.FILE))
        names = languages.known()["names"]
        return [plain_table(tuple(names.values()), [[term[name] for name in names] for term in languages.known()["terms"]],
                            languages=tuple(names))]


class DiscoveriesDirective(SphinxDirective):
    """``{discoveries}``: verdicts that rest on an interval, with their p-values over the whole register."""

    def run(self) -> list[docutils_nodes.Node]:
        self.env.note_dependency(str(REGISTER))
        return [nodes.discoveries_table("")]


class NearMissesDirective(SphinxDirective):
    """``{near-misses}``: verdicts not supported whose interval holds the line for supported."""

    def run(self) -> list[docutils_nodes.Node]:
        self.env.note_dependency(str(REGISTER))
        return [nodes.near_misses_table("")]


class MutationDirective(SphinxDirective):
    """``{mutation-results}``: what noticed damaged tables, as last measured."""

    def run(self) -> list[docutils_nodes.Node]:
        self.env.note_dependency(str(mutation_results.FILE))
        return mutation_results.shown(mutation_results.read())


class CiteAsDirective(SphinxDirective):
    """``{cite-as} book``, ``chapter <name>``, ``figure <id>`` or ``verdict <id>``: how to cite it, in words and as BibTeX."""

    required_arguments = 1
    optional_arguments = 1

    def run(self) -> list[docutils_nodes.Node]:
        node = nodes.cite_as("", part=self.arguments[0], name=self.arguments[1] if len(self.arguments) > 1 else "")
        self.set_source_info(node)
        return [node]


class TablesDirective(SphinxDirective):
    """``{tables}``: a description of every table."""

    def run(self) -> list[docutils_nodes.Node]:
        for path in sorted(DATA.glob("*.yml")):
            self.env.note_dependency(str(path))
            self.env.note_dependency(str(path.with_suffix(".csv")))
        self.env.note_dependency(str(DATA / datapackage.FILE))
        self.env.note_dependency(str(LEFT_OUT))
        return [nodes.data_tables("")]


class PackagesDirective(SphinxDirective):
    """``{packages} all`` or ``own``: the packages of the locks, or those that the project itself asks for, with licenses."""

    required_arguments = 1

    def run(self) -> list[docutils_nodes.Node]:
        self.env.note_dependency(str(licenses.TABLE))
        heads, *rows = csv.reader(io.StringIO(licenses.TABLE.read_text(encoding="utf-8")))
        if self.arguments[0] == "own":
            heads, rows = heads[:-1], [row[:-1] for row in rows if row[-1] == licenses.OWN]
        elif self.arguments[0] != "all":
            raise self.error(f"packages: {self.arguments[0]!r}; give 'all' or 'own'")
        table = plain_table(heads, rows, (27, 21, 23, 29)[:len(heads)])
        # the address that the table of all of them was published under
        return [docutils_nodes.target("", "", ids=["id1"]), table] if self.arguments[0] == "all" else [table]


class VerdictRole(SphinxRole):
    """``{verdict}`id` `` or ``{verdict}`id written` ``: the word of a verdict, now unless said otherwise."""

    def run(self) -> tuple[list[docutils_nodes.Node], list[docutils_nodes.system_message]]:
        claim_id, _, moment = self.text.partition(" ")
        if (moment or "now") not in MOMENTS:
            raise ExtensionError(f"{self.env.docname}: verdict of {claim_id}: {moment!r} is not one of "
                                 f"{', '.join(MOMENTS)}")
        return [nodes.verdict_chip("", claim=claim_id, moment=moment or "now")], []


class ValueRole(SphinxRole):
    """``{value}`expression` ``: a number of the ledger, see `trilateral.publish.ledger.value`, or of a chapter's text."""

    def run(self) -> tuple[list[docutils_nodes.Node], list[docutils_nodes.system_message]]:
        node = nodes.pending_value("", expression=self.text)
        self.set_source_info(node)
        return [node], []


class IssuesRole(SphinxRole):
    """``{issues}`words | others` ``: a link to where the repository takes reports; the others where the book names none."""

    def run(self) -> tuple[list[docutils_nodes.Node], list[docutils_nodes.system_message]]:
        place = address.reports(self.config)
        words, _, others = map(str.strip, self.text.partition("|"))
        text = docutils_nodes.Text(words if place else others)
        return [docutils_nodes.reference("", "", text, refuri=place) if place else text], []


class SiteRole(SphinxRole):
    """``{site}`words | others` ``: the words where the book knows its own address on the web, the others where it does not."""

    def run(self) -> tuple[list[docutils_nodes.Node], list[docutils_nodes.system_message]]:
        words, _, others = map(str.strip, self.text.partition("|"))
        return [docutils_nodes.Text(words if self.config.html_baseurl else others)], []


def setup(app: Sphinx) -> None:
    app.add_directive("claim", ClaimDirective)
    app.add_directive("claims", ClaimsDirective)
    app.add_directive("claims-picture", ClaimsPictureDirective)
    app.add_directive("record-picture", RecordPictureDirective)
    app.add_directive("ledger", LedgerDirective)
    app.add_directive("register-figure", RegisterFigureDirective)
    app.add_directive("finding", FindingDirective)
    app.add_directive("verdict-counts", VerdictCountsDirective)
    app.add_directive("terms", TermsDirective)
    app.add_directive("discoveries", DiscoveriesDirective)
    app.add_directive("near-misses", NearMissesDirective)
    app.add_directive("mutation-results", MutationDirective)
    app.add_directive("tables", TablesDirective)
    app.add_directive("cite-as", CiteAsDirective)
    app.add_directive("packages", PackagesDirective)
    app.add_role("issues", IssuesRole())
    app.add_role("site", SiteRole())
    app.add_role("verdict", VerdictRole())
    app.add_role("value", ValueRole())
