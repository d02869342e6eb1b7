"""Compiled files: real ones, built ones, and damaged ones."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tflint_edgetpu.edgetpu.companions import Companions, find_companions
from tflint_edgetpu.edgetpu.compiled import CompiledModel, co_compiled, read_compiled
from tflint_edgetpu.edgetpu.darwinn import EXECUTION_ONLY, PARAMETER_CACHING, read_package
from tflint_edgetpu.model.errors import ReadError
from tflint_edgetpu.model.reader import read_model
from tflint_edgetpu.testing.builder import ModelBuilder
from tflint_edgetpu.testing.packages import edgetpu_part, package


def compiled(*tokens: int, path: str | None = None, **keywords: int) -> CompiledModel:
    """A file with one part for each token and a LEAKY_RELU behind each."""
    m = ModelBuilder()
    x = m.input((1, 8, 8, 4), name="image")
    for number, token in enumerate(tokens):
        y = m.tensor((1, 8, 8, 4), name=f"part{number}")
        edgetpu_part(m, [x], [y], token=token, **keywords)
        x = m.unary("LEAKY_RELU", y, name=f"relu{number}")
    m.output(x)
    model = m.model()
    model.path = path
    found = read_compiled(model)
    assert found is not None
    return found


def real_files(shared: Path) -> list[Path]:
    corpus = shared / "corpus"
    return sorted(corpus.glob("compiled/*.tflite")) + sorted(corpus.glob("pairs/*/model_edgetpu.tflite"))


def test_every_compiled_file_is_read_whole(shared: Path) -> None:
    files = real_files(shared)
    assert len(files) > 30
    for path in files:
        found = read_compiled(read_model(path))
        assert found is not None, path
        for part in found.parts:
            assert part.problem is None, path
            assert part.package is not None and part.package.min_runtime in (10, 12, 13, 14), path
            kinds = {executable.kind for executable in part.package.executables}
            assert kinds == {EXECUTION_ONLY, PARAMETER_CACHING}, path
            assert all(executable.chip == "beagle" for executable in part.package.executables)
            # The layers of the package are the tensors around the operator.
            layers = [layer.name for layer in part.package.runner.inputs]
            assert layers == [tensor.name for tensor in part.operator.inputs if tensor is not None], path
            assert {layer.name for layer in part.package.runner.outputs} >= {
                tensor.name for tensor in part.operator.outputs
            }, path
        size = path.stat().st_size
        assert found.cached_bytes + found.streamed_bytes <= size
        if size > 500_000:  # smaller files are mostly instructions
            assert found.cached_bytes + found.streamed_bytes > size // 20, path


def test_files_that_never_were_compiled(shared: Path) -> None:
    for path in sorted((shared / "corpus").glob("pairs/*/model.tflite")):
        assert read_compiled(read_model(path)) is None


def test_cached_and_streamed_parameters() -> None:
    found = compiled(1, 2, cached=3000, streamed=500, min_runtime=13)
    assert (found.subgraphs, found.cached_bytes, found.streamed_bytes, found.min_runtime) == (
        2,
        6000,
        1000,
        13,
    )
    assert [operator.kind for operator in found.cpu_operators] == ["LEAKY_RELU", "LEAKY_RELU"]
    assert found.caching_tokens == (1, 2) and found.estimated_cycles is None


def test_a_segment_is_told_by_its_name() -> None:
    assert compiled(1, path="/some_segment_9_of_9/m_segment_0_of_3_edgetpu.tflite").segment == (0, 3)
    assert compiled(1, path="/some_segment_9_of_9/m_edgetpu.tflite").segment is None


def test_files_compiled_together_share_a_token(shared: Path) -> None:
    one, two, other = compiled(7), compiled(7), compiled(8)
    assert co_compiled([one, other, two]) == [[one, two]]
    found = [read_compiled(read_model(path)) for path in real_files(shared)]
    groups = co_compiled(model for model in found if model is not None)
    assert [sorted(Path(str(one.model.path)).name[:40] for one in group) for group in groups] == [
        ["google-coral_cocompilation_mobilenet_v1_", "google-coral_cocompilation_mobilenet_v1_"]
    ]


@pytest.mark.parametrize(
    ("payload", "said"),
    [
        (b"", "0 bytes"),
        (b"corrupt stub", "instead of 'DWN1'"),
        (package()[:300], "truncated or damaged"),
        (b"\x08\x00\x00\x00DWN1" + bytes(64), "vtable"),
    ],
)
def test_a_payload_that_is_no_package(payload: bytes, said: str) -> None:
    m = ModelBuilder()
    y = m.tensor((1, 8))
    edgetpu_part(m, [m.input((1, 8))], [y], payload=payload)
    m.output(y)
    found = read_compiled(m.model())
    assert found is not None and found.parts[0].package is None
    assert said in (found.parts[0].problem or "")
    assert found.min_runtime is None and found.cached_bytes == 0
    assert found.to_dict()["parts"][0].keys() == compiled(1).to_dict()["parts"][0].keys()


def test_options_that_are_no_map() -> None:
    for options in (None, b"\x00\x01\x01", b"\xff" * 40):
        m = ModelBuilder()
        y = m.tensor((1, 8))
        m.op("CUSTOM", [m.input((1, 8))], [y], custom_code="edgetpu-custom-op", custom_options=options)
        m.output(y)
        found = read_compiled(m.model())
        assert found is not None and found.parts[0].problem


GOOD = package(cached=64, streamed=32)


@settings(max_examples=400, deadline=None)
@given(st.lists(st.tuples(st.integers(0, len(GOOD) - 1), st.integers(0, 255)), min_size=1, max_size=8))
def test_damage_ends_in_a_read_error(changes: list[tuple[int, int]]) -> None:
    data = bytearray(GOOD)
    for position, value in changes:
        data[position] = value
    try:
        found = read_package(bytes(data))
    except ReadError:
        return
    assert found.cached_bytes <= len(data) and found.streamed_bytes <= len(data)


@settings(max_examples=100, deadline=None)
@given(st.integers(0, len(GOOD) - 1))
def test_a_cut_off_package(length: int) -> None:
    with pytest.raises(ReadError):
        read_package(GOOD[:length])


def test_companions_are_found_by_name(tmp_path: Path) -> None:
    for name in ("m.tflite", "m_edgetpu.tflite", "m_edgetpu.log", "other_edgetpu.log"):
        (tmp_path / name).touch()
    log, twin = str(tmp_path / "m_edgetpu.log"), str(tmp_path / "m_edgetpu.tflite")
    assert find_companions(tmp_path / "m.tflite") == Companions(log, twin)
    assert find_companions(tmp_path / "m_edgetpu.tflite") == Companions(log, None)
    assert find_companions(tmp_path / "x.tflite") == Companions(None, None)
