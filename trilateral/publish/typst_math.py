"""LaTeX formulas as Typst formulas: the small subset that the book's prose needs."""

from __future__ import annotations

import re
from collections import deque

SAME_NAME = frozenset((
    "alpha", "beta", "gamma", "delta", "epsilon", "zeta", "eta", "theta", "iota", "kappa", "lambda", "mu", "nu", "xi",
    "pi", "rho", "sigma", "tau", "upsilon", "phi", "chi", "psi", "omega", "Gamma", "Delta", "Theta", "Lambda", "Xi",
    "Pi", "Sigma", "Upsilon", "Phi", "Psi", "Omega", "log", "ln", "exp", "min", "max", "sup", "inf", "lim", "sin",
    "cos", "tan", "det", "Pr", "sum", "partial", "times", "approx", "equiv", "in", "ell", "forall", "exists", "subset",
    "quad"))
SYMBOLS = {
    "prod": "product", "int": "integral", "infty": "infinity", "cdot": "dot.op", "pm": "plus.minus",
    "mp": "minus.plus", "leq": "<=", "le": "<=", "geq": ">=", "ge": ">=", "neq": "!=", "ne": "!=", "sim": "tilde.op",
    "notin": "in.not", "to": "->", "rightarrow": "->", "mid": "divides", "ldots": "dots.h", "dots": "dots.h",
    "cdots": "dots.c", "varepsilon": "epsilon", "cup": "union", "cap": "inter", "{": "\\{", "}": "\\}", "|": "‖",
    "%": "%", "$": "\\$", "#": "\\#", "&": "\\&", "_": "\\_", ",": "thin", ";": "med", ":": "med", " ": "space",
    "qquad": "wide", "!": "", "left": "", "right": "", "bigl": "", "bigr": "", "Bigl": "", "Bigr": "",
    "displaystyle": "", "\\": "\\\n",
}
WRAPPERS = {"bar": "macron", "overline": "overline", "hat": "hat", "widehat": "hat", "tilde": "tilde", "vec": "arrow",
            "sqrt": "sqrt", "mathbf": "bold", "boldsymbol": "bold", "mathrm": "upright", "mathbb": "bb",
            "mathcal": "cal", "underline": "underline"}
TEXT = re.compile(r"\\(?:text|textrm|textit|operatorname|mbox)\{([^{}]*)\}")
ENVIRONMENT = re.compile(r"\\(?:begin|end)\{(?:aligned|align\*?|split|equation\*?)\}")
TOKEN = re.compile(r"\\[A-Za-z]+|\\.|\d+(?:\.\d+)?|\S")
HELD = 0xE000  # private code points stand for the words of \text{}, whose spaces must survive


class MathError(ValueError):
    """A formula uses LaTeX outside the supported subset."""


def to_typst(latex: str) -> str:
    """Translate a formula.

    Parameters
    ----------
    latex : str
        The body of a formula, without dollar signs: letters, digits, operators, ``^``, ``_``, ``\\frac``, ``\\sqrt``,
        accents, fonts, Greek, ``\\text``, the usual relations, and ``&`` and ``\\\\`` inside ``aligned``.

    Raises
    ------
    MathError
        A command is not supported or a brace is not closed; the message quotes the formula.
    """
    texts: list[str] = []

    def hold(match: re.Match) -> str:
        texts.append(match[1])
        return chr(HELD + len(texts) - 1)

    tokens = deque(TOKEN.findall(TEXT.sub(hold, ENVIRONMENT.sub("", latex))))
    output = _sequence(tokens, latex, closing="")
    for index, words in enumerate(texts):
        output = output.replace(chr(HELD + index), '"' + words.replace("\\", "").replace('"', "”") + '"')
    return output


def _sequence(tokens: deque[str], latex: str, closing: str) -> str:
    parts: list[str] = []
    while tokens and tokens[0] != "}":
        parts.append(_atom(tokens, latex))
    if closing != (tokens.popleft() if tokens else ""):
        raise MathError(f"formula {latex!r}: its braces do not match")
    return " ".join(parts)


def _atom(tokens: deque[str], latex: str) -> str:
    if not tokens or tokens[0] == "}":
        raise MathError(f"formula {latex!r}: an argument is missing")
    token = tokens.popleft()
    if token == "{":
        return _sequence(tokens, latex, closing="}")
    if token in "^_":
        return f"{token}({_atom(tokens, latex)})"
    if token.startswith("\\"):
        return _command(token[1:], tokens, latex)
    if token == "~":
        return "space"
    return "\\" + token if token in "/\"#$@`;,:" else token


def _command(name: str, tokens: deque[str], latex: str) -> str:
    if name in ("frac", "dfrac", "tfrac"):
        top = _atom(tokens, latex)
        return f"frac({top}, {_atom(tokens, latex)})"
    if name in WRAPPERS:
        return f"{WRAPPERS[name]}({_atom(tokens, latex)})"
    if name in SYMBOLS or name in SAME_NAME:
        return SYMBOLS.get(name, name)
    raise MathError(f"formula {latex!r}: \\{name} is not among the commands that the PDF knows; "
                    "use one that it knows or add it to trilateral/publish/typst_math.py")
