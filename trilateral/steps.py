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
def checking_tables(steps: Steps) -> Iterator[Callable[[], None]]:
    """Begin, in other processes, what `data check` does without upstream files, also the first step of a build.

    Yields
    ------
    callable
        Waits for it; raises `trilateral.publish.build.BuildError` with all faults.
    """
    from trilateral import claims, contract, data
    from trilateral.publish.build import BuildError
    from trilateral.publish.usage import faults as misuse
    from trilateral.recipes import runner

    names = data.names()
    for name in names:  # read before this process is copied, or each copy would read them all
        with suppress(data.TableError):
            contract.read_sidecar(data.DATA / f"{name}.yml")
    pool = ProcessPoolExecutor(initializer=stopping.unheed)
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

    try:
        yield ended
    finally:
        pool.shutdown(cancel_futures=True)


def check_tables(steps: Steps) -> None:
    with checking_tables(steps) as ended:
        ended()


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
    from trilateral.publish import differences, early, references
    from trilateral.publish.build import BuildError

    with checking_tables(steps) as tables_ended:
        with steps.step("Register") as step:
            register = claims.read_register()
            ruled = sum(claim.has_rule for claim in register.claims.values())
            bibliography, faults = references.read(claims.REGISTER.with_name("references.bib"))
            if faults := [*stated.faults(register), *faults]:
                raise BuildError("\n".join(faults))
            if told := differences.silent_rules(register):
                step.report("done", told)
            step.result = f"{len(register.claims)} claims, {ruled} with a rule; {len(bibliography.entries)} references"
        with steps.step("Pages") as step:
            if faults := early.faults(register, bibliography.entries):
                raise BuildError("\n".join(faults))
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
