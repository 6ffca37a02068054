"""The errors of the mock stand in one tree, and the tree is drawn as it is."""

from __future__ import annotations

import importlib
import pkgutil

import happytalk_mock
from happytalk_mock.core import errors


def test_every_error_stands_in_the_tree() -> None:
    for found in pkgutil.walk_packages(happytalk_mock.__path__, "happytalk_mock."):
        if not found.name.endswith("__main__"):
            importlib.import_module(found.name)
    loaded = list(_below(BaseException))
    ours = {each for each in loaded if each.__module__.startswith("happytalk_mock")}
    assert {each for each in ours if each.__module__ != errors.__name__} == set()
    assert ours == {errors.MockError, *_below(errors.MockError)}


def test_the_drawing_shows_every_error_below_its_parent() -> None:
    assert _drawn() == {
        (each.__name__, parent.__name__)
        for each in _below(errors.MockError)
        for parent in each.__bases__
        if issubclass(parent, errors.MockError)
    }


def _below(kind: type[BaseException]) -> set[type[BaseException]]:
    return {below for each in kind.__subclasses__() for below in (each, *_below(each))}


def _drawn() -> set[tuple[str, str]]:
    """Each error of the drawing with the one above it."""
    above, found = ["MockError"], set()
    for line in (errors.__doc__ or "").splitlines():
        bars, mark, rest = line.partition("── ")
        if mark:
            depth = (len(bars) - 1) // 4
            above[depth:] = [rest.split()[0]]
            found.add((above[depth], above[depth - 1]))
    return found
