"""What a person reads: no name colours it, breaks it or hides in it."""

from __future__ import annotations

import unicodedata
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tflint_edgetpu.report.reporter import BUILT_IN
from tflint_edgetpu.report.text import printable, shorten, shorten_names
from tflint_edgetpu.testing.reports import HOSTILE_TEXTS, hostile_model, hostile_report, report_on, written

FIXTURES = Path(__file__).parents[2] / "fixtures"
text = st.text(st.characters(codec=None)) | st.sampled_from(HOSTILE_TEXTS)

# Cc: control, Cf: bidirectional and invisible, Cs: surrogates no encoding knows, Zl/Zp: line breaks to some.
ACTIVE = frozenset(("Cc", "Cf", "Cs", "Zl", "Zp"))


def check_inert(output: str) -> None:
    """Nothing but line feeds that a terminal would act on, and nothing it could not encode."""
    active = {character for character in output if unicodedata.category(character) in ACTIVE}
    assert active <= {"\n"}
    output.encode("utf-8")


@pytest.mark.parametrize("name", ["full", "concise", "github"])
@settings(deadline=None)  # the longest text takes rich a second
@given(hostile=text)
def test_nothing_active(name: str, hostile: str) -> None:
    check_inert(written(hostile_report(hostile), name))


@pytest.mark.parametrize("name", ["full", "concise", "github"])
@pytest.mark.parametrize("hostile", HOSTILE_TEXTS, ids=lambda hostile: ascii(hostile)[:20])
def test_nothing_active_from_a_model(name: str, hostile: str, tmp_path: Path) -> None:
    (tmp_path / "model.tflite").write_bytes(hostile_model(hostile))
    report = report_on([tmp_path / "model.tflite"])
    assert report.files[0].findings
    check_inert(written(report, name))


@settings(deadline=None)
@given(text)
def test_every_reporter_takes_any_text(hostile: str) -> None:
    report = hostile_report(hostile)
    for name in BUILT_IN:
        written(report, name).encode("utf-8")


def test_a_huge_name_is_cut() -> None:
    report = hostile_report("x" * 100_000)
    for name in ("full", "concise"):
        assert "'xxxxx" in written(report, name)


def test_a_huge_name_does_not_fill_the_screen(tmp_path: Path) -> None:
    (tmp_path / "model.tflite").write_bytes(hostile_model("x" * 100_000))
    for name in ("full", "concise", "github"):
        assert len(written(report_on([tmp_path / "model.tflite"]), name)) < 20_000


def test_markup_is_text(tmp_path: Path) -> None:
    """Rich would take ``[red]`` for a colour and ``:warning:`` for a picture."""
    (tmp_path / "model.tflite").write_bytes(hostile_model("[red]:warning:[/red]"))
    output = written(report_on([tmp_path / "model.tflite"]), "full", width=140)
    assert "'[red]:warning:[/red]0'" in output


def test_no_colour_unless_wanted() -> None:
    report = report_on([FIXTURES / "ssd_user_settings.tflite"])
    assert "\x1b[" not in written(report, "full", color=None)  # what is written to is no terminal
    assert "\x1b[" in written(report, "full", color=True)


@pytest.mark.parametrize("width", [80, 140])
def test_lines_fit(width: int) -> None:
    """Except those to paste, which are never wrapped."""
    output = written(report_on([FIXTURES / "ssd_user_settings.tflite"]), "full", width)
    long = [line for line in output.splitlines() if len(line) > width]
    assert all(line.lstrip()[:2] in ("│ ", "| ") for line in long), long


@given(text)
def test_printable_says_all(hostile: str) -> None:
    shown = printable(hostile)
    assert shown.isprintable()
    assert printable(shown) == shown
    if hostile.isprintable():
        assert shown == hostile


@given(text, st.integers(12, 80))
def test_shorten_keeps_the_width(hostile: str, width: int) -> None:
    assert len(shorten(hostile, width)) <= width


@given(text, st.integers(12, 80))
def test_shortened_names_keep_both_ends(name: str, width: int) -> None:
    cut = shorten_names(f"tensor '{name}' is wrong", width)
    assert cut.isprintable()
    assert cut.startswith("tensor '") and cut.endswith("' is wrong")
