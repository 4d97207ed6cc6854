"""What a reader may change stands at the top of each chapter, in tagged cells, and is changed there or on the command line."""

import ast
import re

import jupytext
import nbformat
import pytest

from trilateral import parameters
from trilateral.parameters import ParameterError
from trilateral.publish import build
from trilateral.publish.chapters import chapters

LONGEST = 25  # lines of a cell
OPENS = ["AS_OF = None  # a day such as \"2023-12-31\" ends the record there", "as_of.set_day(AS_OF)"]
TIME = re.compile(r"(18|19|20)\d\d(-\d\d){0,2}")
GRID = re.compile(r"(^|_)(GRID|grid|choices)(_|$)")
COUNTRY = re.compile(r"[A-Z]{3}")
DRAWN = {"alt", "charts"}  # what only these take moves a mark, not a result
UNITS, FLAGS = {100, 1000, 1e5}, {0, 1}  # factors of percent, thousands and rates; what columns of yes and no hold
ELSEWHERE = {
    "threats": {"MEASURES": "series, each with the sign that means closer",
                "RIVALRY": "series, each with the years by which it is late"},
    "economic-statecraft": {
        "WAYS": "a grid: what each way changes of the main one, which is that of the top",
        "THEN": "two grids whose first options are those of the top"},
    "technology": {"MIDDLE": "what completes a date that has no day or no month"},
    "pandemic": {"RANKS": "the range of an axis", "SPAN": "the range of an axis", "SMALL": "two members named in the text",
                 "PLACED": "where names stand in a chart"},
}
"""Names further down that hold a number, a time or countries and are no parameters, by chapter, each with the reason."""


def of_code(*sources, tags=()):
    cells = [nbformat.v4.new_code_cell(source) for source in sources]
    for number in tags:
        cells[number].metadata["tags"] = [parameters.TAG]
    return nbformat.v4.new_notebook(cells=cells)


CELLS = ["import os", "FALL, LOWEST = 20, 10  # percent, “of all”\nWORD, BOTH = 'é', [1,\n  2]\nlower = 1",
         "GRID = [FALL, 2]", "GRID = 1\nA, B = map(int, '12')",
         'NOW = register().date("x", "now")\nLAST = min(pd.Timestamp("2025-06-30"), NOW)\nSPANS = [\n    2]', "DAY = None",
         'LINE = asked("as-one", "gap")']


@pytest.mark.parametrize(("name", "value", "line"), [
    ("FALL", "15", "FALL, LOWEST = 15, 10  # percent, “of all”"),
    ("LOWEST", "(1 + 4)", "FALL, LOWEST = 20, (1 + 4)  # percent, “of all”"),
    ("WORD", "2024-12-31", "WORD, BOTH = '2024-12-31', [1,\n  2]"),
    ("WORD", "'x'", "WORD, BOTH = 'x', [1,\n  2]"),
    ("BOTH", "[3]", "WORD, BOTH = 'é', [3]"),
    ("BOTH", "3, 4", "WORD, BOTH = 'é', (3, 4)"),
    ("BOTH", "(3, 4)", "WORD, BOTH = 'é', (3, 4)"),
])
def test_one_name_gets_another_value_and_the_rest_stays(name, value, line):
    changed = parameters.change(CELLS, name, value)
    assert line in changed[1]
    assert [changed[0], *changed[2:]] == [CELLS[0], *CELLS[2:]]


@pytest.mark.parametrize(("name", "value", "said"), [
    ("SPAN", "1", "SPAN is not set in this notebook (did you mean SPANS?); --parameters lists what stands at its top"),
    ("fall", "1", "fall is not set in this notebook (did you mean FALL?)"),
    ("FALL", "2024-12-31", "FALL is not made of one date, and 2024-12-31 alone would be a subtraction"),
    ("NOW", "2024-12-31", "NOW follows the register; to end the record earlier, say --as-of 2024-12-31"),
    ("GRID", "1", "GRID is set in 2 cells"),
    ("A", "1", "A is not set"),
    ("FALL", "1 +", "no Python expression"),
    ("LINE", "1", "LINE is what the rule of as-one asks; edit it in book/claims.yml, and"),
])
def test_a_change_that_cannot_be_made_is_explained(name, value, said):
    with pytest.raises(ParameterError, match=re.escape(said)):
        parameters.change(CELLS, name, value)


@pytest.mark.parametrize(("name", "value", "line"), [
    ("LAST", "2024-12-31", "LAST = min(pd.Timestamp('2024-12-31'), NOW)"), ("DAY", "2024-12-31", "DAY = '2024-12-31'"),
    ("DAY", "3", "DAY = 3")])
def test_a_date_takes_the_place_of_a_date_or_of_none(name, value, line):
    assert any(line in cell for cell in parameters.change(CELLS, name, value))


def test_what_follows_a_rule_is_no_name_that_a_reader_sets():
    assert "LINE" not in parameters.names(CELLS) and "FALL" in parameters.names(CELLS)


def test_the_lines_of_the_tagged_cells_are_listed_with_their_remarks():
    cells = parameters.opening(of_code(*CELLS, tags=[1, 4]))
    assert parameters.listing(cells) == ["FALL, LOWEST = 20, 10  # percent, “of all”", "WORD, BOTH = 'é', [1,", "  2]",
                                         *CELLS[4].split("\n")]


def test_a_notebook_without_a_tagged_cell_is_told_so():
    with pytest.raises(ParameterError, match="no cell of this notebook is tagged `parameters`"):
        parameters.opening(of_code(*CELLS))


# all chapters


def is_parameter(value):
    """Whether an expression holds a number, a time or a list of countries; places in a list and what is drawn aside."""
    if isinstance(value, ast.Call):
        called = ast.unparse(value.func)
        if called.split(".")[0] in DRAWN:
            return False
        if called == "range":
            return any(isinstance(node, ast.Constant) for node in ast.walk(value))
    if isinstance(value, ast.Compare) and getattr(value.comparators[0], "value", None) in FLAGS:
        return is_parameter(value.left)  # a flag of a table, or whether there is anything
    if isinstance(value, ast.BinOp) and (own := [side for side in (value.left, value.right)
                                                 if not (isinstance(side, ast.Constant) and side.value in UNITS)]):
        return any(is_parameter(side) for side in own)
    if isinstance(value, ast.Subscript):
        return is_parameter(value.value) or (not isinstance(value.slice, ast.Constant | ast.UnaryOp | ast.Slice)
                                             and is_parameter(value.slice))
    listed = value.elts if isinstance(value, ast.List | ast.Tuple | ast.Set) else []
    if listed and all(COUNTRY.fullmatch(str(getattr(each, "value", ""))) for each in listed):
        return True
    if isinstance(value, ast.Constant):
        number = isinstance(value.value, int | float) and not isinstance(value.value, bool)
        return number or bool(TIME.fullmatch(str(value.value)))
    return any(is_parameter(child) for child in ast.iter_child_nodes(value))


def in_grids(cells):
    """Names of grids of specifications and of their options: what `specifications` is given, and what a grid lists."""
    statements = [statement for cell in cells for statement in ast.parse(cell).body]
    grids = {name for cell in cells for name, _ in parameters.assigned(cell) if GRID.search(name)}
    making = [statement for statement in statements if "specifications." in (text := ast.unparse(statement))
              or GRID.search(text.partition(" = ")[0])]
    listed = {node.args[0].id for statement in making for node in ast.walk(statement)
              if isinstance(node, ast.Call) and getattr(node.func, "id", "") == "list" and node.args
              and isinstance(node.args[0], ast.Name)}
    return grids | listed


@pytest.mark.parametrize(("value", "found"), [
    ("20", True), ("'2022-06'", True), ("range(2010, 2020)", True), ("range(NOW.year - 9, NOW.year)", True),
    ("[2015, 2010]", True), ("['AUS', 'NZL']", True), ("pd.Timestamp('2023-05-07')", True),
    ("{'KOR': 'South Korea'}", False), ("['history', 'court']", False), ("rows[0]", False), ("list(PERIODS)[-1]", False),
    ("tests[tests['added'] == 0]", False), ("tests[tests['year'] > 2020]", True), ("frame['value'] / 1000", False),
    ("alt.Scale(domain=[0, 5])", False), ("True", False),
])
def test_what_counts_as_a_parameter(value, found):
    assert is_parameter(ast.parse(value, mode="eval").body) is found


@pytest.mark.parametrize("path", chapters(), ids=lambda path: path.stem)
def test_a_chapter_opens_with_its_parameters(path):
    code = parameters.code(jupytext.read(path))
    tagged = [number for number, cell in enumerate(code) if parameters.TAG in cell.metadata.get("tags", ())]
    assert tagged == list(range(1, len(tagged) + 1)) and tagged, "tag the cells directly behind the imports, and no other"
    assert {type(node) for node in ast.parse(code[0].source).body} <= {ast.Import, ast.ImportFrom}, "imports alone come first"
    assert code[1].source.split("\n")[:2] == OPENS
    assert not [line for number in tagged for line in code[number].source.split("\n") if "load(" in line], "tables come later"


@pytest.mark.parametrize("path", chapters(), ids=lambda path: path.stem)
def test_no_parameter_stands_further_down(path):
    code = parameters.code(jupytext.read(path))
    later = [cell.source for cell in code if parameters.TAG not in cell.metadata.get("tags", ())]
    found = {name for cell in later for name, value in parameters.assigned(cell) if is_parameter(value)}
    assert found - in_grids(later) == ELSEWHERE.get(path.stem, {}).keys()


@pytest.mark.parametrize("path", chapters(), ids=lambda path: path.stem)
def test_a_parameter_is_set_once_and_used(path):
    code = parameters.code(jupytext.read(path))
    names = [name for cell in code for name, _ in parameters.assigned(cell.source)]
    assert [name for name in dict.fromkeys(names) if names.count(name) > 1] == []
    used = {node.id for cell in code for node in ast.walk(ast.parse(cell.source))
            if isinstance(node, ast.Name) and isinstance(node.ctx, ast.Load)}
    words = set(re.findall(r"@(\w+)", " ".join(cell.source for cell in code)))  # in queries of tables
    assert set(names) - used - words == set()


@pytest.mark.parametrize("path", chapters(), ids=lambda path: path.stem)
def test_a_cell_is_short_enough_to_be_read_at_once(path):
    lengths = {cell.source.strip().split("\n")[0]: len(cell.source.strip().split("\n"))
               for cell in parameters.code(jupytext.read(path))}
    assert {first: lines for first, lines in lengths.items() if lines > LONGEST} == {}, "split: compute, draw, show"


@pytest.mark.parametrize("readme", ["README.md", "trilateral/publish/kit_readme.md"])
def test_the_example_of_a_readme_gives_other_quantities_for_every_shock(others_of_shocks, readme):
    examples = re.findall(r"coercion --set (\w+)=(\w+)", (build.ROOT / readme).read_text(encoding="utf-8"))
    assert len(examples) == 1
    published, changed = others_of_shocks({}), others_of_shocks(dict(examples))
    assert published.keys() == changed.keys()
    assert all(changed[shock] < published[shock] for shock in published)


@pytest.fixture
def others_of_shocks():
    """How many nationalities measure each shock of the chapter on coercion, with names set to other values."""
    path = next(path for path in chapters() if path.stem == "coercion")

    def run(changes):
        cells = [cell.source for cell in parameters.code(jupytext.read(path))]
        for name, value in changes.items():
            cells = parameters.change(cells, name, value)
        names = {}
        wanted = next(number for number, code in enumerate(cells) if "def panel(" in code)
        for code in cells[:wanted]:
            exec(code, names)
        exec(cells[wanted].split("panels =")[0], names)
        return {shock: len(names["panel"](shock).others) for shock in names["SHOCKS"]["shock"]}

    return run


@pytest.mark.parametrize(("window", "months"), [(3, [3, 3, 3, 3, 3]), (6, [5, 6, 6, 6, 5]), (12, [5, 12, 12, 12, 5])])
def test_the_window_of_every_quarrel_follows_the_parameter_as_far_as_its_months_can_be_used(window, months):
    path = next(path for path in chapters() if path.stem == "coercion")
    cells = parameters.change([cell.source for cell in parameters.code(jupytext.read(path))], "WINDOW", str(window))
    names = {}
    for code in cells[:next(number for number, code in enumerate(cells) if "OF_SHOCK =" in code) + 1]:
        exec(code, names)
    assert names["OF_SHOCK"]["months"].tolist() == months


@pytest.mark.parametrize("path", chapters(), ids=lambda path: path.stem)
def test_the_threshold_of_a_rule_that_is_only_drawn_is_no_parameter(path):
    """A reader who set it would see a line move and no verdict."""
    cells = parameters.opening(jupytext.read(path))
    said = [line for line in parameters.listing(cells) if re.search(r"#.*\brule\b.*\bdrawn\b", line)]
    assert said == []


@pytest.mark.parametrize(("day", "said"), [("2023-12-31", "say --as-of 2023-12-31"),
                                           ("2030-01-01", "say --as-of with a day from 2022-12-20 to ")])
def test_a_name_of_the_register_is_answered_with_a_day_that_can_be_asked_for(day, said):
    with pytest.raises(parameters.ParameterError, match=said):
        parameters.change(['NOW = pd.Timestamp(register().date("as-one", "now"))'], "NOW", day)
