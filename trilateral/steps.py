"""The steps that commands share: check the sources, make each result."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from concurrent.futures import ProcessPoolExecutor
from contextlib import contextmanager, suppress
from dataclasses import replace
from typing import TYPE_CHECKING

from trilateral import stopping
from trilateral.console import Steps

if TYPE_CHECKING:
    from trilateral.publish.build import Places
    from trilateral.publish.sphinx_runs import Sphinx


@contextmanager
def _processes() -> Iterator[ProcessPoolExecutor]:
    """Others to check in, beside one another and out of the memory of this one; what waits when a check fails is dropped."""
    pool = ProcessPoolExecutor(initializer=stopping.unheed)
    try:
        yield pool
    finally:
        pool.shutdown(cancel_futures=True)


def _checking_tables(steps: Steps, pool: ProcessPoolExecutor) -> Callable[[], None]:
    """Begin what `data check` does without upstream files; what is returned waits for it, and raises a `BuildError` of all
    faults."""
    from trilateral import claims, data
    from trilateral.publish.build import BuildError
    from trilateral.publish.usage import faults as misuse
    from trilateral.recipes import runner

    names = data.names()
    remade = pool.submit(_remade)
    begun = [pool.submit(_examined, name) for name in names]

    def ended() -> None:
        with steps.step("Tables") as step:
            examined = [each.result() for each in begun]
            broken = [str(error) for error, _ in examined if error is not None]
            around = [str(error) for error in data.around().values() if error is not None]
            faults = [*broken, *around]
            if not broken:  # what a sidecar names is told beside a data package that lags behind it
                faults += misuse(claims.read_register())
            if not broken and not around:
                faults += [moved for _, moved in examined if moved]
                faults += runner.clashes()
                faults += remade.result()
            if faults:
                raise BuildError("\n".join(faults))
            step.result = f"{len(names)} tables keep their contracts"

    return ended


def _read_sidecars() -> None:
    """Before this process is copied, or each copy would read them all."""
    from trilateral import contract, data

    for name in data.names():
        with suppress(data.TableError):
            contract.read_sidecar(data.DATA / f"{name}.yml")


def check_tables(steps: Steps) -> None:
    """What `data check` does without upstream files."""
    _read_sidecars()
    with _processes() as pool:
        _checking_tables(steps, pool)()


def _page_faults() -> list[str]:
    """What `trilateral.publish.early.faults` says of all pages."""
    from trilateral import claims
    from trilateral.publish import early, references

    bibliography, _ = references.read(claims.REGISTER.with_name("references.bib"))
    return early.faults(claims.read_register(), bibliography.entries)


def _examined(name: str) -> tuple[ValueError | None, str]:
    """What is wrong with a table; where nothing is, with its totals."""
    from trilateral import data, totals

    error = data.fault(name, data.DATA)
    return error, "" if error else totals.fault(name, data.DATA)


def _remade() -> list[str]:
    """What `stale` says of all tables whose every input was collected by hand."""
    from trilateral.recipes import runner

    return stale(runner.rebuild(runner.collected_by_hand(), check=True, package=False))


def stale(outcomes: list) -> list[str]:
    """A sentence for each table that differs from what its recipe makes."""
    from trilateral import datapackage

    return [f"data/{outcome.table}.csv: differs from what its recipe makes of data/curated: {outcome.detail}. Edit the file "
            f"in data/curated, never the table, and run: python -m trilateral data build {outcome.table}"
            for outcome in outcomes if outcome.status in ("changed", "new") and outcome.table != datapackage.FILE]


def check_sources(steps: Steps) -> None:
    """Validate the register, the pages and every table, the quickest first; all faults of a step are reported together."""
    from trilateral import claims
    from trilateral.claims import stated
    from trilateral.publish import differences, references
    from trilateral.publish.build import BuildError

    with steps.step("Register") as step:
        register = claims.read_register()
        ruled = sum(claim.has_rule for claim in register.claims.values())
        bibliography, faults = references.read(claims.REGISTER.with_name("references.bib"))
        if faults := [*stated.faults(register), *faults]:
            raise BuildError("\n".join(faults))
        if told := differences.silent_rules(register):
            step.report("done", told)
        step.result = f"{len(register.claims)} claims, {ruled} with a rule; {len(bibliography.entries)} references"
    _read_sidecars()
    with _processes() as pool:
        faults = pool.submit(_page_faults)
        tables_ended = _checking_tables(steps, pool)
        with steps.step("Pages") as step:
            if said := faults.result():
                raise BuildError("\n".join(said))
            step.result = "tables, claims, terms and references exist; no number is typed"
        tables_ended()


def make_html(steps: Steps, sphinx: Sphinx, places: Places) -> None:
    from trilateral.publish import build, citing, moves

    with steps.step("Web book") as step:
        if citing.keep_file(places.root):
            step.report("done", f"{citing.FILE} follows the addresses of _config.yml")
        before = moves.told(replace(places, making=False).html)
        build.html(places, sphinx, step.report)
        for line in moves.between(before, moves.told(places.html)):
            step.report("done", line)
        for line in moves.unjudged(places.html):
            step.report("done", line)
        step.result = f"{len(list(places.html.rglob('*.html')))} pages"


def make_pdf(steps: Steps, sphinx: Sphinx, places: Places) -> None:
    from trilateral.publish import build

    with steps.step("PDF") as step:
        build.pdf(places, sphinx, step.report)
        chapters = len(list(places.chapter_pdfs.glob("*.pdf")))
        step.result = f"{places.pdf.stat().st_size / 1e6:.1f} MB, and {chapters} of chapters"


def make_kit(steps: Steps, places: Places) -> None:
    from trilateral.publish import kit

    with steps.step("Kit") as step:
        names = kit.pack(places)
        step.result = f"{sum(name.endswith('.ipynb') for name in names)} notebooks, {len(names)} files"
