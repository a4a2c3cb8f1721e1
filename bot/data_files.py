"""Reading the YAML files of `data/`: a duplicate key is an error, and so is invalid YAML."""

from pathlib import Path
from typing import Any, TypeVar

import yaml
from pydantic import BaseModel, ValidationError

from bot.clock import impossible_day

IN_CONVERSATION = "in_conversation"  # subfolder of messages as they come in conversations: stories, claims, fragments

Model = TypeVar("Model", bound=BaseModel)


class DataFileError(ValueError):
    """A file of ours cannot be used; the message names file and reason."""


# PyYAML's wheels include the C parser, which takes a thirteenth of the time.
FastSafeLoader = yaml.CSafeLoader if yaml.__with_libyaml__ else yaml.SafeLoader


class _UniqueKeyLoader(FastSafeLoader):  # type: ignore[misc, valid-type]
    """A YAML loader that refuses duplicate keys, which would silently overwrite earlier ones."""


def _mapping(loader: Any, node: yaml.MappingNode) -> dict[Any, Any]:
    keys = [loader.construct_object(key) for key, _ in node.value]
    for key in keys:
        if keys.count(key) > 1:
            raise yaml.YAMLError(f"the key {key!r} stands twice, line {node.start_mark.line + 1}")
    return dict(loader.construct_pairs(node, deep=True))


def _timestamp(loader: Any, node: yaml.ScalarNode) -> Any:
    """A date; PyYAML says of 2020-06-31 neither where it stands nor what is wrong with it."""
    try:
        return loader.construct_yaml_timestamp(node)
    except ValueError as error:
        why = impossible_day(node.value) or str(error)
        raise yaml.YAMLError(f"line {node.start_mark.line + 1}: {node.value} is no day: {why}") from error


_UniqueKeyLoader.add_constructor(yaml.resolver.BaseResolver.DEFAULT_MAPPING_TAG, _mapping)
_UniqueKeyLoader.add_constructor("tag:yaml.org,2002:timestamp", _timestamp)


def read_yaml(path: Path) -> Any:
    """Read a YAML file.

    Raises:
        DataFileError: it cannot be read, is not YAML, or repeats a key.
    """
    try:
        text = path.read_text(encoding="utf-8")
    except OSError as error:
        raise DataFileError(f"{path}: cannot be read ({error.strerror}).") from error
    except ValueError as error:  # no UTF-8
        raise DataFileError(f"{path}: not readable as YAML: {error}") from error
    return yaml_of(text, str(path))


def yaml_of(text: str, where: str) -> Any:
    """Read YAML.

    Args:
        where: begins the message of an error.

    Raises:
        DataFileError: it is not YAML, or repeats a key.
    """
    try:
        return yaml.load(text, Loader=_UniqueKeyLoader)  # noqa: S506 (safe subclass)
    except (yaml.YAMLError, ValueError, TypeError) as error:  # PyYAML lets a date such as 2020-02-30 raise ValueError
        raise DataFileError(f"{where}: not readable as YAML: {error}") from error


def read_model(path: Path, model: type[Model], error: type[DataFileError] = DataFileError) -> Model:
    """Read a YAML file as a pydantic model.

    Raises:
        DataFileError: it cannot be read; `error`: its content does not fit the model.
    """
    try:
        return model(**(read_yaml(path) or {}))
    except (ValidationError, TypeError) as problem:
        raise error(f"{path}: {problem}") from problem
