"""The quick reader of ``lint``'s command line says what argparse says, or nothing."""

from __future__ import annotations

import argparse
import contextlib
import io
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tflint_edgetpu.cli.lint_options import FLAG, GROUPS, add_options, read_plain

OPTIONS = [option for options in GROUPS.values() for option in options]
NAMES = [name for option in OPTIONS for name in option.names]
VALUES = ["a.tflite", "json", "3", "0", "-1", "٣", "auto", "", "-", "--", "x=y", "-x", "IOB001=info", "a b"]
JOINED = [f"{name}={value}" for name in NAMES for value in VALUES]
words = st.lists(st.sampled_from([*NAMES, *VALUES, *JOINED, "-j4", "--sel"]), max_size=6)


def by_argparse(given_words: list[str]) -> argparse.Namespace | None:
    parser = argparse.ArgumentParser(allow_abbrev=False)
    add_options(parser)
    try:
        with contextlib.redirect_stderr(io.StringIO()):
            return parser.parse_intermixed_args(given_words)
    except SystemExit:
        return None


@given(words)
def test_never_another_answer(given_words: list[str]) -> None:
    plain = read_plain(given_words)
    if plain is not None:
        asked = by_argparse(given_words)
        assert asked is not None, "argparse calls it a mistake"
        assert vars(plain) == vars(asked)


@pytest.mark.parametrize("option", OPTIONS, ids=lambda option: option.names[0])
def test_plain_command_lines_are_read(option: Any) -> None:
    """Without this, answering ``None`` to everything would pass."""
    name = option.names[0]
    value = [] if option.takes == FLAG else ["auto" if name == "--color" else "3"]
    expected = by_argparse(["a.tflite", name, *value])
    assert expected is not None
    plain = read_plain(["a.tflite", name, *value])
    if name == "--write-baseline":
        assert plain is None  # whether a word is its value is for argparse to say
    else:
        assert plain is not None and vars(plain) == vars(expected)


def test_paths_and_options_in_any_order() -> None:
    plain = read_plain(["a", "--join", "b", "--format=json", "c"])
    assert plain is not None
    assert (plain.paths, plain.join, plain.reports) == (["a", "b", "c"], True, [("--format", "json")])
