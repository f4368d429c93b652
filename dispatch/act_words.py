"""An act as words that can be kept in a file and done later: which desk, which act, with what."""

from __future__ import annotations

import types
from collections.abc import Callable, Iterable, Mapping, Sequence
from collections.abc import Set as AbstractSet
from dataclasses import fields, is_dataclass
from enum import Enum
from inspect import signature
from typing import Any, Union, get_args, get_origin, get_type_hints, is_typeddict

import orjson


class NotWords(Exception):
    """It cannot be told in words: it needs what only the program itself has."""


def to_words(method: Callable[..., Any], args: Sequence[Any], kwargs: Mapping[str, Any]) -> dict[str, Any]:
    """The arguments by their names. NotWords unless they come back from it as they are."""
    given = signature(method).bind(*args, **kwargs).arguments
    flat: dict[str, Any] = {}
    for name, value in given.items():
        flat |= value if name not in get_type_hints(method) or _is_unpacked(method, name) else {name: value}
    try:
        words: dict[str, Any] = orjson.loads(orjson.dumps(flat, default=_plain))
    except (TypeError, orjson.JSONDecodeError) as error:
        raise NotWords from error
    back = from_words(method, words)
    if any(not _same(back[name], value) for name, value in flat.items()):
        raise NotWords
    return words


def from_words(method: Callable[..., Any], words: Mapping[str, Any]) -> dict[str, Any]:
    """By what the act's own signature says they are."""
    kinds = dict(get_type_hints(method))
    for name in [each for each in kinds if _is_unpacked(method, each)]:
        kinds |= get_type_hints(get_args(kinds.pop(name))[0])
    try:
        return {name: _made(kinds[name], value) for name, value in words.items()}
    except (KeyError, TypeError, ValueError) as error:
        raise NotWords from error


def _is_unpacked(method: Callable[..., Any], name: str) -> bool:
    inside = get_args(get_type_hints(method)[name])
    return bool(inside) and is_typeddict(inside[0])


def _plain(value: Any) -> Any:
    if isinstance(value, AbstractSet | tuple):
        return list(value)
    raise TypeError


def _same(back: Any, value: Any) -> bool:
    if isinstance(value, Iterable) and not isinstance(value, str | Mapping):
        return list(back) == list(value)
    return bool(back == value)


def _made(kind: Any, value: Any) -> Any:
    origin, inside = get_origin(kind), get_args(kind)
    if kind is Any:
        return value
    if origin in (Union, types.UnionType):
        if value is None:
            return None
        (kind,) = [each for each in inside if each is not types.NoneType]
        return _made(kind, value)
    if origin is tuple:
        return tuple(_made(inside[0], each) for each in value)
    if origin is not None and issubclass(origin, Mapping):
        return {_made(inside[0], name): _made(inside[1], each) for name, each in value.items()}
    if origin is not None and issubclass(origin, AbstractSet):
        return frozenset(_made(inside[0], each) for each in value)
    if origin is not None and issubclass(origin, Iterable):
        return [_made(inside[0], each) for each in value]
    if not isinstance(kind, type):
        raise TypeError
    if issubclass(kind, Enum):
        return kind(value)
    if is_dataclass(kind):
        kinds = get_type_hints(kind)
        # What an older version did not have yet is as it would be by itself.
        given = [each.name for each in fields(kind) if each.name in value]
        return kind(**{name: _made(kinds[name], value[name]) for name in given})
    if kind is float and isinstance(value, int):
        return float(value)
    if not isinstance(value, kind) or (isinstance(value, bool) and kind is not bool):
        raise TypeError
    return value
