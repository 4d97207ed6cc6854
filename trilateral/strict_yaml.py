"""YAML that people edit: a key given twice is an error, where YAML itself keeps the last one and says nothing."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import yaml


class YamlError(ValueError):
    """A file, or the head of one, is no YAML in UTF-8, or gives a key twice; the message says where."""


class StrictLoader(getattr(yaml, "CSafeLoader", yaml.SafeLoader)):
    """The safe loader of YAML, with every key once."""

    def construct_mapping(self, node: yaml.MappingNode, deep: bool = False) -> dict:
        seen = set()
        for key, _ in node.value:
            if isinstance(key, yaml.ScalarNode):
                name = self.construct_object(key)
                if name in seen:
                    raise yaml.constructor.ConstructorError(None, None, f"key {name!r} is given twice", key.start_mark)
                seen.add(name)
        return super().construct_mapping(node, deep)


def load(text: str) -> Any:
    """What a text holds.

    Raises
    ------
    yaml.YAMLError
        It is no YAML, or gives a key twice; the message has the line.
    """
    return yaml.load(text, Loader=StrictLoader)


def read(path: Path) -> Any:
    """What a file holds; None where it is empty.

    Raises
    ------
    YamlError
        It is no YAML in UTF-8, or gives a key twice; the message has file and line.
    """
    try:
        return load(path.read_text(encoding="utf-8"))
    except (yaml.YAMLError, UnicodeDecodeError) as error:
        raise YamlError(f"{path.name}: is not valid YAML in UTF-8: {error}") from None
