"""Collect figures and judgements from the documents, and check that each claim is judged once, in its chapter."""

from __future__ import annotations

import pickle
from collections.abc import Iterator, Mapping
from functools import lru_cache
from pathlib import Path
from typing import Any
from weakref import WeakKeyDictionary

from docutils import nodes as docutils_nodes
from sphinx.application import Sphinx
from sphinx.environment import BuildEnvironment
from sphinx.errors import ExtensionError
from sphinx.util import logging

from trilateral.claims import ClaimError, register
from trilateral.publish import chapters, columns, fingerprint, ledger, nodes, register_figures
from trilateral.publish.chapters import figures_not_shown

logger = logging.getLogger(__name__)
FOLLOWERS = (nodes.claim_card, nodes.verdict_chip, nodes.claims_picture, nodes.ledger_table, nodes.data_tables,
             nodes.pending_value, nodes.register_figure, nodes.discoveries_table,
             nodes.near_misses_table, nodes.verdict_counts)


def records(env: BuildEnvironment) -> dict[str, dict[str, Any]]:
    """What each document holds: ``figures``, ``judgements``, ``of_register`` (figures of all claims), ``follows`` (the ledger),
    ``shows`` (figures of others)."""
    if not hasattr(env, "trilateral"):
        env.trilateral = {}
    return env.trilateral


def purge(app: Sphinx, env: BuildEnvironment, docname: str) -> None:
    records(env).pop(docname, None)


def merge(app: Sphinx, env: BuildEnvironment, docnames: list[str], other: BuildEnvironment) -> None:
    records(env).update({name: record for name, record in records(other).items() if name in docnames})


def chapter_of(docname: str) -> str:
    return docname.rsplit("/", 1)[-1]


def read(app: Sphinx, doctree: docutils_nodes.document) -> None:
    """Take in one document.

    Raises
    ------
    ExtensionError
        A claim is unknown, of another chapter, or judged twice; a figure's id is there twice, or that of a heading; a figure
        is made and not shown, or has a column without words.
    """
    env, docname = app.env, app.env.docname
    lost = figures_not_shown(Path(env.doc2path(docname)).read_text(encoding="utf-8"))
    if lost:
        raise ExtensionError(f"{docname}: figure {lost[0]} is not the last line of its cell, so no page would show it; end the "
                             "cell with it, and judge in another")
    found: dict[str, Any] = {"figures": {}, "judgements": {}, "of_register": [], "follows": False, "shows": False}
    found["shows"] = any(isinstance(node, nodes.finding | nodes.cite_as) for node in doctree.findall())
    for node in doctree.findall(lambda n: isinstance(n, FOLLOWERS)):
        found["follows"] = True
        claim_id = node.get("claim")
        if claim_id and claim_id not in register().claims:
            raise ExtensionError(_unknown(claim_id, docname))
    found["of_register"] = [node["name"] for node in doctree.findall(nodes.register_figure)]
    for name in found["of_register"]:
        _target(env, docname, name, name)  # its headline follows from what all chapters judge
    words = columns.read(Path(app.srcdir))
    headings = {id: section.next_node(docutils_nodes.title).astext()
                for section in doctree.findall(docutils_nodes.section) for id in section["ids"]}
    for node in doctree.findall(nodes.figure):
        payload = node["payload"]
        if payload["id"] in headings:
            raise ExtensionError(f"{docname}: figure {payload['id']} has the address of the heading "
                                 f"“{headings[payload['id']]}”; call one of them otherwise")
        _once(payload["id"], found["figures"], docname, "figure")
        words.words(payload["id"], payload["columns"], register(), docname)
        found["figures"][payload["id"]] = {"headline": payload["headline"], "columns": payload["columns"],
                                           "tables": [source["table"] for source in payload["sources"]]}
        _target(env, docname, payload["id"], payload["headline"])
    for node in doctree.findall(nodes.verdict):
        claim_id = node["payload"]["claim"]
        if claim_id not in register().claims:
            raise ExtensionError(_unknown(claim_id, docname))
        home = register()[claim_id].chapter
        if chapter_of(docname) != home:
            raise ExtensionError(f"{docname}: claim {claim_id} is judged here, but claims.yml gives it to chapter "
                                 f"{home!r}; judge it there, or change its chapter")
        _once(claim_id, found["judgements"], docname, "claim")
        if fault := ledger.long_caveat(node["payload"]):
            raise ExtensionError(f"{docname}: {fault}")
        found["judgements"][claim_id] = node["payload"]
        _target(env, docname, claim_id, register()[claim_id].quote)
    _check_tables(env, docname, found)
    records(env)[docname] = found


def _unknown(claim_id: str, docname: str) -> str:
    try:
        register()[claim_id]
    except ClaimError as error:
        return f"{docname}: {error}"
    return f"{docname}: unknown claim id {claim_id!r}"


def _once(name: str, seen: Mapping, docname: str, kind: str) -> None:
    if name in seen:
        raise ExtensionError(f"{docname}: {kind} {name} is there twice; keep one")


def _target(env: BuildEnvironment, docname: str, name: str, title: str) -> None:
    """Let ``[](#name)`` and ``{ref}`` find it from any document."""
    standard = env.get_domain("std")
    standard.anonlabels[name] = docname, name
    standard.labels[name] = docname, name, title


def _check_tables(env: BuildEnvironment, docname: str, found: Mapping) -> None:
    used = {table for each in (*found["figures"].values(), *found["judgements"].values()) for table in each["tables"]}
    watched = fingerprint.tables_of(env, docname)
    if watched is not None and used - watched:
        logger.warning("%s uses %s without a literal load(\"...\"): a change of that table would not re-run it",
                       docname, ", ".join(sorted(used - watched)), location=docname, type="trilateral")


def check_consistency(app: Sphinx, env: BuildEnvironment) -> None:
    """Each claim and figure has one home in the whole book."""
    homes: dict[tuple[str, str], str] = {}
    for docname, record in sorted(records(env).items()):
        for kind in ("figures", "judgements"):
            for name in record[kind]:
                if homes.setdefault((kind, name), docname) != docname:
                    what = "figure" if kind == "figures" else "claim"
                    raise ExtensionError(f"{docname}: {what} {name} is already in {homes[kind, name]}; keep one")


def check_columns(app: Sphinx, env: BuildEnvironment) -> None:
    """Words for columns are words for a column that a figure has; in a book of some of its chapters it may be elsewhere."""
    root = Path(app.srcdir)
    pages = {path.relative_to(root).with_suffix("").as_posix() for path in root.glob("book/**/*.md")}
    if pages - set(chapters.documents(root)):
        return
    figures = {name: figure["columns"] for record in records(env).values() for name, figure in record["figures"].items()}
    figures |= {name: payload["columns"] for name, payload in of_register(env).items()}
    if idle := list(columns.read(root).unused(figures, register())):
        raise ExtensionError("\n".join(idle))


def of_register(env: BuildEnvironment) -> dict[str, dict]:
    """Figures of all claims that some page shows, by name."""
    return getattr(env, "trilateral_of_register", {})


def draw_of_register(env: BuildEnvironment, book: list[dict[str, Any]], anew: bool) -> None:
    """Make them once for all pages and formats: again where the ledger is another, and those that are lacking."""
    kept = {} if anew else of_register(env)
    names = sorted({name for record in records(env).values() for name in record["of_register"]})
    env.trilateral_of_register = {name: kept.get(name) or register_figures.FIGURES[name](book).to_dict() for name in names}


def judged(env: BuildEnvironment) -> Iterator[tuple[str, str, dict]]:
    """Claim id, document and judgement of every judged claim."""
    for docname, record in sorted(records(env).items()):
        for claim_id, judgement in record["judgements"].items():
            yield claim_id, docname, judgement


_LEDGERS: WeakKeyDictionary[BuildEnvironment, list[dict[str, Any]]] = WeakKeyDictionary()


def figure_of(env: BuildEnvironment, name: str) -> tuple[str, dict] | None:
    """Document and payload of a figure; None where no chapter has it."""
    for docname, record in records(env).items():
        if name in record["figures"]:
            kept = Path(env.doctreedir, f"{docname}.doctree")
            return docname, _payloads(kept, kept.stat().st_mtime_ns)[name]
    return None


@lru_cache
def _payloads(kept: Path, _changed: int) -> dict[str, dict]:
    """Figures of a document as it was read; several pages show one of them each."""
    return {node["payload"]["id"]: node["payload"] for node in pickle.loads(kept.read_bytes()).findall(nodes.figure)}


def book_ledger(env: BuildEnvironment) -> list[dict[str, Any]]:
    """The ledger of this build; urls are relative to the book's root.

    Every page asks for it; once all are read it is not made again.
    """
    return _LEDGERS.get(env) or _book_ledger(env)


def _book_ledger(env: BuildEnvironment) -> list[dict[str, Any]]:
    found = {claim_id: (f"{docname}.html#{claim_id}", judgement) for claim_id, docname, judgement in judged(env)}
    return ledger.entries(register(), found)


def origins(env: BuildEnvironment) -> dict[str, Any]:
    """Hashes of what the verdicts of this build were made from."""
    tables: dict[str, list[str]] = {}
    for _, docname, judgement in judged(env):
        tables.setdefault(docname, []).extend(judgement["tables"])
    return fingerprint.origins({chapter_of(name): found for name, found in tables.items()},
                               {chapter_of(name): Path(env.doc2path(name)) for name in tables})


def updated(app: Sphinx, env: BuildEnvironment) -> list[str]:
    """Pages that show the ledger are written anew when it changed, those that show figures of other pages always.

    For print, which writes every page, there is nothing to add: where nothing was read, Sphinx then leaves all else as it is.
    """
    check_consistency(app, env)
    book = _LEDGERS[env] = _book_ledger(env)
    now = ledger.document(register(), book, "")
    before, env.trilateral_ledger = getattr(env, "trilateral_ledger", None), now
    draw_of_register(env, book, anew=now != before)
    check_columns(app, env)
    if app.builder.format == "typst":
        return []
    return [name for name, record in records(env).items() if record["shows"] or (record["follows"] and now != before)]
