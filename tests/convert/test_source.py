"""What is taken for a source, and what is said of what is none. Nothing here needs TensorFlow."""

from __future__ import annotations

import zipfile
from pathlib import Path

import pytest

from tflint_edgetpu.convert.errors import SourceError
from tflint_edgetpu.convert.source import recognise, source_hash
from tflint_edgetpu.testing.builder import ModelBuilder


@pytest.fixture
def saved_model(tmp_path: Path) -> Path:
    folder = tmp_path / "net"
    (folder / "variables").mkdir(parents=True)
    (folder / "saved_model.pb").write_bytes(b"graph")
    (folder / "variables" / "variables.index").write_bytes(b"weights")
    return folder


def keras(path: Path) -> Path:
    with zipfile.ZipFile(path, "w") as archive:
        archive.writestr("config.json", "{}")
    return path


def model(path: Path, dtype: str) -> Path:
    m = ModelBuilder(dtype)
    m.output(m.conv2d(m.input((1, 8, 8, 3))))
    path.write_bytes(m.build())
    return path


def complaint(text: Path | str, **options: object) -> str:
    with pytest.raises(SourceError) as caught:
        recognise(str(text), **options)  # type: ignore[arg-type]
    said = str(caught.value)
    assert "\n" not in said
    return said


def test_a_folder_is_a_saved_model_with_its_signature_and_tags(saved_model: Path) -> None:
    source = recognise(str(saved_model), signature="predict", tags=("serve", "tpu"))
    assert (source.kind, source.signature, source.tags) == ("saved_model", "predict", ("serve", "tpu"))
    assert source.stem == "net"


def test_files_are_known_by_what_is_in_them(tmp_path: Path) -> None:
    (tmp_path / "weights.dat").write_bytes(b"\x89HDF\r\n\x1a\n" + bytes(64))
    assert recognise(str(tmp_path / "weights.dat")).kind == "keras"
    assert recognise(str(keras(tmp_path / "model.zip"))).kind == "keras"
    assert recognise(str(model(tmp_path / "float.bin", "FLOAT32"))).kind == "float_tflite"


@pytest.mark.parametrize(
    ("name", "way_on"),
    [
        ("net.onnx", "onnx2tf"),
        ("net.pt", "yolo export"),
        ("net.pb", "SavedModel"),
        ("build.py", "FILE.py:function"),
        ("train.ipynb", "model.save"),
        ("notes.txt", "neither a Keras model"),
    ],
)
def test_what_is_no_source_has_a_way_on(tmp_path: Path, name: str, way_on: str) -> None:
    (tmp_path / name).write_bytes(b"something else")
    assert way_on in complaint(tmp_path / name)


def test_a_pytorch_file_is_a_zip_archive_too(tmp_path: Path) -> None:
    with zipfile.ZipFile(tmp_path / "net.pt", "w") as archive:
        archive.writestr("net/data.pkl", b"weights")
    assert "yolo export" in complaint(tmp_path / "net.pt")


def test_a_keras_file_that_was_not_copied_to_its_end(tmp_path: Path) -> None:
    path = keras(tmp_path / "net.keras")
    path.write_bytes(path.read_bytes()[:30])
    assert complaint(path).startswith(f"{path} is a damaged ZIP archive")


def test_a_quantized_model_is_refused(tmp_path: Path) -> None:
    assert "quantized already" in complaint(model(tmp_path / "net.tflite", "INT8"))


def test_the_folder_is_meant_not_the_file_in_it_or_the_folder_above(saved_model: Path) -> None:
    assert str(saved_model) in complaint(saved_model / "saved_model.pb")
    assert f"but {saved_model} is" in complaint(saved_model.parent)


def test_a_damaged_model_is_one_line(tmp_path: Path) -> None:
    path = model(tmp_path / "net.tflite", "FLOAT32")
    path.write_bytes(path.read_bytes()[:200])
    assert str(path) in complaint(path)


def test_nothing_of_that_name() -> None:
    assert complaint("no/such/model.keras") == "there is no file or folder 'no/such/model.keras'"


def test_a_function_is_code_and_needs_trust(tmp_path: Path) -> None:
    script = tmp_path / "build.py"
    script.write_text("raise SystemExit('imported')")
    assert "--trust-source" in complaint(f"{script}:make")
    source = recognise(f"{script}:make", trust=True)
    assert (source.kind, source.stem) == ("function", "make")
    assert "there is no file" in complaint(f"{tmp_path}/other.py:make", trust=True)


def test_signatures_are_for_saved_models(tmp_path: Path) -> None:
    assert "--signature" in complaint(keras(tmp_path / "model.keras"), signature="serving_default")


def test_the_hash_is_of_names_and_contents(saved_model: Path) -> None:
    source = recognise(str(saved_model))
    first = source_hash(source)
    assert first == source_hash(source)
    (saved_model / "variables" / "variables.index").write_bytes(b"weightz")
    assert source_hash(source) != first
    assert source_hash(recognise("package.module:make", trust=True)) is None
