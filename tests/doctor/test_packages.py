"""Each check of what Python has installed, on machines made for it."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from tflint_edgetpu.doctor import (
    interpreters,
    numpy_pairs,
    pycoral,
    python,
    tensorflow,
)
from tflint_edgetpu.doctor.line import ABSENT, OK, PROBLEM, Line
from tflint_edgetpu.doctor.machine import Machine, numbers

Make = Callable[..., Machine]


def only(lines: list[Line]) -> Line:
    assert len(lines) == 1, lines
    return lines[0]


@pytest.mark.parametrize(
    ("version", "expected"),
    [
        ("2.21.0", (2, 21, 0)),
        ("2.22.0rc0", (2, 22, 0)),
        ("2.5.0.post1", (2, 5, 0)),
        ("6.14.8-2-pve", (6, 14, 8)),
        ("x", ()),
    ],
)
def test_numbers_of_versions(version: str, expected: tuple[int, ...]) -> None:
    assert numbers(version) == expected


# Python


def test_python_says_what_has_wheels(machine: Make) -> None:
    line = only(python.check(machine()))
    assert line.status == OK and "wheels exist for TensorFlow, LiteRT, tflite-runtime" in line.text
    assert "PyCoral 2.0 (Python 3.6 to 3.9)" in line.text and not line.cure


def test_a_python_without_tensorflow_says_which_have_it(machine: Make) -> None:
    line = only(python.check(machine(python=(3, 14, 0))))
    assert "none for TensorFlow (Python 3.10 to 3.13)" in line.text and "3.10 to 3.13" in line.cure


def test_platforms_without_wheels(machine: Make) -> None:
    assert "no wheel for armv7l Linux" in only(python.check(machine(architecture="armv7l"))).text
    line = only(python.check(machine(system="Darwin")))
    assert "x86_64 macOS" in line.text and "end at 2.16.2" in line.text


# TensorFlow


def test_no_tensorflow_is_absent_with_the_command(machine: Make) -> None:
    line = only(tensorflow.check(machine()))
    assert line.status == ABSENT and line.cure == "pip install 'tflint-edgetpu[convert]'"
    assert not only(tensorflow.check(machine(python=(3, 14, 0)))).cure, "no command that cannot work"


def test_two_tensorflows_in_one_folder_are_a_problem(machine: Make) -> None:
    lines = tensorflow.check(
        machine(distributions={"tensorflow": "2.21.0", "tensorflow-cpu": "2.21.0", "tf-keras": "2.21.0"})
    )
    assert lines[0].status == PROBLEM and "on top of each other" in lines[0].text
    assert lines[0].cure == "pip uninstall -y tensorflow tensorflow-cpu\npip install tensorflow==2.21.0"
    assert lines[1].status == OK


@pytest.mark.parametrize(("version", "status"), [("2.21.0", OK), ("2.20.1", PROBLEM), (None, ABSENT)])
def test_tf_keras_has_the_minor_version_of_tensorflow(
    machine: Make, version: str | None, status: str
) -> None:
    packages = {"tensorflow-cpu": "2.21.0"} | ({"tf-keras": version} if version else {})
    line = tensorflow.check(machine(distributions=packages))[1]
    assert line.status == status
    assert status == OK or line.cure == "pip install --no-deps 'tf-keras==2.21.*'"


def test_keras_2_needs_no_tf_keras(machine: Make) -> None:
    assert only(tensorflow.check(machine(distributions={"tensorflow": "2.15.1"}))).status == OK


# Interpreters and NumPy


def test_interpreters(machine: Make) -> None:
    found = {line.topic: line for line in interpreters.check(machine())}
    assert found["LiteRT"].status == ABSENT and "tflint-edgetpu[fix]" in found["LiteRT"].cure
    packages = {"ai-edge-litert": "2.3.0", "numpy": "2.4.6", "flatbuffers": "25.12.19"}
    found = {line.topic: line for line in interpreters.check(machine(distributions=packages))}
    assert found["LiteRT"].status == OK and "not needed" in found["tflite-runtime"].text
    old = interpreters.check(machine(distributions={**packages, "ai-edge-litert": "1.0.1"}))[0]
    assert old.status == PROBLEM and "ai-edge-litert>=2.1" in old.cure
    bare = interpreters.check(machine(distributions={"ai-edge-litert": "2.3.0", "numpy": "2.4.6"}))[0]
    assert bare.status == PROBLEM and "without flatbuffers" in bare.text


@pytest.mark.parametrize(
    ("packages", "broken"),
    [
        ({"tflite-runtime": "2.14.0", "numpy": "2.4.6"}, "tflite-runtime"),
        ({"tflite-runtime": "2.14.0", "numpy": "1.26.4"}, None),
        ({"pycoral": "2.0.0", "numpy": "2.0.0"}, "pycoral"),
        ({"pycoral": "0.2.0", "numpy": "2.0.0"}, None),  # the other project is pure Python
        ({"tensorflow": "2.17.1", "numpy": "2.0.0"}, "tensorflow"),
        ({"tensorflow": "2.18.0", "numpy": "2.0.0"}, None),
    ],
)
def test_numpy_beside_packages_built_against_another(
    machine: Make, packages: dict[str, str], broken: str | None
) -> None:
    line = only(numpy_pairs.check(machine(distributions=packages)))
    assert line.status == (OK if broken is None else PROBLEM)
    if broken is not None:
        assert f"{broken} {packages[broken]}" in line.text and "numpy<2" in line.cure and line.reference


# PyCoral


def test_the_project_of_pypi_is_not_corals(machine: Make, tmp_path: Path) -> None:
    folder = tmp_path / "packages" / "pycoral"
    folder.mkdir(parents=True)
    (folder / "__init__.py").write_text("")
    (folder / "pycoral.py").write_text("")
    line = only(pycoral.check(machine(distributions={"pycoral": "0.2.0"})))
    assert (
        line.status == PROBLEM and "Allen Coral Atlas" in line.text and "LiteRT loads libedgetpu" in line.cure
    )
    old = only(pycoral.check(machine(distributions={"pycoral": "0.2.0"}, python=(3, 9, 2))))
    assert "google-coral.github.io/py-repo" in old.cure
    (folder / "pycoral.py").unlink()
    assert "no pycoral.utils" in only(pycoral.check(machine())).text


def test_corals_own(machine: Make, tmp_path: Path) -> None:
    folder = tmp_path / "packages" / "pycoral" / "utils"
    folder.mkdir(parents=True)
    (folder / "edgetpu.py").write_text("")
    assert only(pycoral.check(machine(distributions={"pycoral": "2.0.0"}))).text.startswith(
        "Coral's own, 2.0.0"
    )


def test_no_pycoral_warns_of_the_name(machine: Make) -> None:
    line = only(pycoral.check(machine(python=(3, 9, 2))))
    assert line.status == ABSENT and "another project" in line.text
