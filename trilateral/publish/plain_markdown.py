"""MyST Markdown to Markdown that any notebook application shows.

Roles become their text, directives become quotations, lists or code; what only a book can resolve (labels, links to
other pages) becomes plain words. Values come from a `Facts`.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Protocol


class Facts(Protocol):
    """What the conversion asks of a built book."""

    def glue(self, key: str, format_spec: str) -> str: ...
    def value(self, expression: str) -> str: ...
    def verdict(self, claim_id: str, moment: str) -> str: ...
    def claim(self, claim_id: str) -> str: ...
    def claims_of(self, chapter: str) -> list[str]: ...
    def cite(self, keys: list[str], textual: bool) -> str: ...


OPENING = re.compile(r"^ {0,3}(?P<fence>`{3,}|~{3,}|:{3,})\s*\{(?P<name>[\w:.+-]+)\}\s*(?P<argument>.*?)\s*$")
CODE_FENCE = re.compile(r"^ {0,3}(?P<fence>`{3,}|~{3,})(?!.*`)")
OPTION = re.compile(r"^:([\w-]+):(?:\s+(.*))?$")
LABEL = re.compile(r"^\([\w:.\s-]+\)=\s*$")
ROLE_OR_CODE = re.compile(r"\{(?P<role>[\w:.+-]+)\}(?P<ticks>`+)(?P<content>.+?)(?<!`)(?P=ticks)(?!`)"
                          r"|(?P<code>(?P<marks>`+).+?(?<!`)(?P=marks)(?!`))", re.DOTALL)
LINK = re.compile(r"(?<!!)\[(?P<text>[^\]]*)\]\((?P<target>[^)\s]+)[^)]*\)")
NOTE_MARK, NOTE = re.compile(r"\[\^[\w-]+\](?!:)"), re.compile(r"^\[\^[\w-]+\]:\s*", re.MULTILINE)
REFERENCE = re.compile(r"<(?:project|inv|path):[^>]*>")
ATTRIBUTES = re.compile(r"(?<=[\])`*_])\{[.#][^}\n]*\}")
TARGETED = re.compile(r"^(?P<text>.*?)\s*<(?P<target>[^>]+)>$", re.DOTALL)

ADMONITIONS = {"note", "tip", "important", "warning", "caution", "attention", "danger", "error", "hint", "seealso",
               "admonition", "margin", "sidebar", "dropdown", "topic", "epigraph", "pull-quote", "aside"}
UNTITLED = {"epigraph", "pull-quote"}
DROPPED = {"tableofcontents", "bibliography", "contents", "toctree", "index", "only", "raw", "claims-picture", "ledger",
           "tables"}
CODE = {"code", "code-block", "sourcecode", "code-cell", "literalinclude"}


def convert(text: str, facts: Facts) -> str:
    """Convert the source of one Markdown cell."""
    done: list[str] = []
    prose: list[str] = []
    lines = text.splitlines()

    def flush() -> None:
        if prose:
            done.append(inline("\n".join(prose), facts))
            prose.clear()

    at = 0
    while at < len(lines):
        line = lines[at]
        if opening := OPENING.match(line):
            flush()
            body, at = _body(lines, at + 1, opening["fence"])
            if shown := directive(opening["name"], opening["argument"], body, facts):
                done.append(shown)
            continue
        if code := CODE_FENCE.match(line):
            flush()
            body, at = _body(lines, at + 1, code["fence"])
            done.append("\n".join([line, *body, code["fence"]]))
            continue
        if not (LABEL.match(line) or line.startswith(("%", "+++"))):
            prose.append(line)
        at += 1
    flush()
    return re.sub(r"\n{3,}", "\n\n", "\n".join(done)).strip()


def _body(lines: list[str], at: int, fence: str) -> tuple[list[str], int]:
    closing = re.compile(rf"^\s*{re.escape(fence[0])}{{{len(fence)},}}\s*$")
    body = []
    while at < len(lines) and not closing.match(lines[at]):
        body.append(lines[at])
        at += 1
    return body, at + 1


def directive(name: str, argument: str, body: list[str], facts: Facts) -> str:
    """One directive as plain Markdown; an unknown one becomes its content."""
    options, body = _options(body)
    content = "\n".join(body)
    kind = name.split(":")[0]
    if name in DROPPED:
        return ""
    if name in CODE:
        return f"```{argument}\n{content}\n```"
    if name == "math":
        return f"$$\n{argument or ''}{content}\n$$"
    if name in ("figure", "image"):
        return f"![{options.get('alt', '')}]({argument})\n\n{convert(content, facts)}".strip()
    if name == "claim":
        return _quoted(facts.claim(argument))
    if name == "claims":
        return "\n\n".join(_quoted(facts.claim(claim_id)) for claim_id in facts.claims_of(argument)) + "\n"
    if kind == "glue":
        return facts.glue(argument, "")
    if name in ADMONITIONS:
        own_title = name in ("admonition", "margin", "sidebar", "dropdown", "topic")
        title = inline(argument, facts) if own_title and argument else name.capitalize()
        inner = convert(content if own_title else f"{argument}\n{content}".strip(), facts)
        return _quoted(inner if name in UNTITLED else f"**{title}**\n\n{inner}")
    return convert(f"{argument}\n{content}".strip(), facts)


def _options(body: list[str]) -> tuple[dict[str, str], list[str]]:
    options = {}
    if body and body[0].strip() == "---":
        end = next((n for n, line in enumerate(body[1:], 1) if line.strip() == "---"), len(body))
        return options, body[end + 1:]
    while body and (match := OPTION.match(body[0].strip())):
        options[match[1]] = match[2] or ""
        body = body[1:]
    return options, body


def _quoted(text: str) -> str:
    return "\n" + "\n".join(f"> {line}".rstrip() for line in text.splitlines()) + "\n"


def inline(text: str, facts: Facts) -> str:
    """Roles, links and attributes of running text; what stands in backticks is left alone."""
    kept: list[str] = []

    def keep(shown: str) -> str:
        kept.append(shown)
        return f"\0{len(kept) - 1}\0"

    def resolve(match: re.Match) -> str:
        if match["code"]:
            return keep(match["code"])
        return keep(role(match["role"], match["content"].strip(), facts))

    text = ROLE_OR_CODE.sub(resolve, text)
    text = NOTE.sub("> ", NOTE_MARK.sub("", LINK.sub(_link, text)))  # Jupyter has no footnotes
    text = ATTRIBUTES.sub("", REFERENCE.sub("", text))
    return re.sub("\0(\\d+)\0", lambda match: kept[int(match[1])], text)


def _link(match: re.Match) -> str:
    if re.match(r"(https?|mailto):", match["target"]):
        return match[0]
    return match["text"] or match["target"].lstrip("#").replace("-", " ")


def role(name: str, content: str, facts: Facts) -> str:
    """One role as plain Markdown; an unknown one becomes its content."""
    if handler := ROLES.get(name):
        return handler(content, facts)
    if name.startswith("cite"):
        return facts.cite([key.strip() for key in content.split(",")], textual=name.startswith("cite:t"))
    targeted = TARGETED.match(content)
    return targeted["text"] if targeted else content


def _glue_text(content: str, facts: Facts) -> str:
    key, _, format_spec = content.rpartition(":") if ":" in content else (content, "", "s")
    return facts.glue(key, format_spec)


def _verdict(content: str, facts: Facts) -> str:
    claim_id, _, moment = content.partition(" ")
    return f"**{facts.verdict(claim_id, moment.strip() or 'now')}**"


ROLES: dict[str, Callable[[str, Facts], str]] = {
    "glue:text": _glue_text,
    "glue": lambda content, facts: facts.glue(content, ""),
    "glue:any": lambda content, facts: facts.glue(content, ""),
    "glue:md": lambda content, facts: facts.glue(content.partition(":")[0], ""),
    "value": lambda content, facts: facts.value(content),
    "verdict": _verdict,
    "math": lambda content, facts: f"${content}$",
    "term": lambda content, facts: content.partition(" <")[0],
    "abbr": lambda content, facts: content.partition(" (")[0],
    "sub": lambda content, facts: f"<sub>{content}</sub>",
    "sup": lambda content, facts: f"<sup>{content}</sup>",
    "code": lambda content, facts: f"`{content}`",
}
