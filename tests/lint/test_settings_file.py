"""Reading settings: whatever does not fit is one line that says what would."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tflint_edgetpu.edgetpu.target import COMPILERS
from tflint_edgetpu.lint.budget import LIMITS
from tflint_edgetpu.lint.finding import Severity
from tflint_edgetpu.lint.settings import Ignore, Settings, SettingsError
from tflint_edgetpu.lint.settings_file import find_settings, read_settings

KEYS = (
    "select", "ignore", "severity", "fail-on", "target-compiler", "min-runtime-version", "multiple-subgraphs",
    "consumer", "baseline", "exclude", "budget",
)  # fmt: skip


def read(folder: Path, text: str | bytes, name: str = "tflint-edgetpu.toml") -> Settings:
    path = folder / name
    path.write_bytes(text if isinstance(text, bytes) else text.encode())
    return read_settings(str(path))


def test_everything(tmp_path: Path) -> None:
    found = read(
        tmp_path,
        """
        select = ["QNT", "float-input"]
        severity = { IOB001 = "info", QNT = "error" }
        fail-on = "warning"
        target-compiler = "15.0"
        min-runtime-version = 12
        multiple-subgraphs = true
        consumer = "frigate"
        baseline = "known.json"
        exclude = "old/"

        [[ignore]]
        code = "QNT001"
        path = "a/*.tflite"
        tensor = "head/*"
        reason = "measured, it is fine"

        [[budget]]
        min-macs-on-tpu = 0.9
        """,
    )
    assert found.select == ("QNT", "float-input")
    assert found.severity == {"IOB001": Severity.INFO, "QNT": Severity.ERROR}
    assert found.fail_on is Severity.WARNING
    assert found.target == COMPILERS["15.0"]._replace(runtime=12)
    assert found.multiple_subgraphs is True and found.consumer == "frigate"
    assert found.baseline == str(tmp_path / "known.json") and found.exclude == ("old/",)
    assert found.ignores == (Ignore("QNT001", "measured, it is fine", "a/*.tflite", "head/*", 12),)
    assert found.budgets[0].limits == {"min-macs-on-tpu": 0.9}
    assert read(tmp_path, "") == Settings(file=str(tmp_path / "tflint-edgetpu.toml"))
    assert read(tmp_path, 'fail-on = "never"').fail_on is None


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("selct = []", "there is no setting 'selct'; did you mean 'select'?"),
        ("select = 3", "select must be a list of texts, not 3"),
        ("select = [3]", "select must be a list of texts, not [3]"),
        ("severity = 3", 'severity must be a table such as { IOB001 = "info" }, not 3'),
        ('severity = { QNT001 = "err" }', "severity.QNT001 must be one of error, warning, info, not 'err'"),
        ('fail-on = "nevr"', "did you mean 'never'?"),
        ("target-compiler = 16.0", "target-compiler must be one of 2.1, 14.1, 15.0, 16.0, not 16.0"),
        ('target-compiler = "16"', "did you mean '16.0'?"),
        ("min-runtime-version = true", "min-runtime-version must be a runtime version such as 13"),
        ("multiple-subgraphs = 1", "multiple-subgraphs must be true or false, not 1"),
        ('consumer = "Pycoral"', "did you mean 'pycoral'?"),
        ('baseline = ""', "baseline must be a text that is not empty"),
        ('exclude = ["[z-a]"]', "exclude must be a pattern such as models/*.tflite, not '[z-a]'"),
        ('[[ignore]]\ncode = "QNT001"', "the ignore in line 1 has no reason"),
        ('\n[[ ignore ]]\nreason = "x"', "the ignore in line 2 has no code"),
        ('[[ignore]]\ncode = "QNT001"\nreason = " "', "ignore.reason must be a text that is not empty"),
        ('[[ignore]]\ncode = "A"\nreason = "x"\npth = "y"', "no setting 'ignore.pth'; did you mean 'path'?"),
        ('[[ignore]]\ncode = "A"\nreason = "x"\npath = "[z-a]"', "ignore.path must be a pattern"),
        ('ignore = ["A", { code = "B" }]', "ignore must be a list of texts"),
        ("budget = 3", "budget must be a table of limits, not 3"),
        ("[budget]\nmax-subgraph = 1", "did you mean 'max-subgraphs'?"),
        ('[budget]\nmax-subgraphs = "1"', "budget.max-subgraphs must be a whole number"),
        ("[budget]\nmin-macs-on-tpu = 95", "budget.min-macs-on-tpu must be a share from 0.0 to 1.0"),
        ("[budget]\nmin-operators-on-tpu = nan", "budget.min-operators-on-tpu must be a number"),
        ("[budget]\nmax-file-size = -1", "budget.max-file-size must be a whole number"),
        ('[budget]\nallowed-cpu-tail = "PACK"', "budget.allowed-cpu-tail must be a list of operators"),
        ("a =", "this is not TOML"),
        (b"\xff", "this is not TOML"),
        ("[tool]\ntflint-edgetpu = 3", "tool.tflint-edgetpu must be a table"),
    ],
)
def test_what_does_not_fit(text: str | bytes, said: str, tmp_path: Path) -> None:
    with pytest.raises(SettingsError) as caught:
        read(tmp_path, text)
    message = str(caught.value)
    assert said in message
    assert message.startswith(str(tmp_path / "tflint-edgetpu.toml")) and "\n" not in message


value = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=5),
    lambda inner: (
        st.lists(inner, max_size=3)
        | st.dictionaries(
            st.sampled_from(["code", "reason", "path", "tensor", *LIMITS]) | st.text(max_size=5),
            inner,
            max_size=4,
        )
    ),
    max_leaves=8,
)


@settings(deadline=None)
@given(st.dictionaries(st.sampled_from(KEYS) | st.text(max_size=6), value, max_size=3))
def test_no_value_raises_anything_else(table: dict[str, Any]) -> None:
    from tflint_edgetpu.lint import settings_file

    try:
        found = settings_file._Reader("tflint-edgetpu.toml", b"").settings(table)
    except SettingsError as error:
        assert str(error).startswith("tflint-edgetpu.toml: ")
    else:
        assert found.file == "tflint-edgetpu.toml"


def test_which_file(tmp_path: Path) -> None:
    inner = tmp_path / "a" / "b"
    inner.mkdir(parents=True)
    assert find_settings(str(inner)) is None
    (tmp_path / "pyproject.toml").write_text("[tool.tflint-edgetpu]\n")
    assert find_settings(str(inner)) == str(tmp_path / "pyproject.toml")
    (tmp_path / "a" / "pyproject.toml").write_text('[project]\ndependencies = ["tflint-edgetpu"]\n')
    assert find_settings(str(inner)) == str(tmp_path / "pyproject.toml")  # the other one has no table of ours
    (tmp_path / "tflint-edgetpu.toml").write_text("")
    assert find_settings(str(inner)) == str(tmp_path / "tflint-edgetpu.toml")
    (inner / "tflint-edgetpu.toml").write_text("")
    assert find_settings(str(inner)) == str(inner / "tflint-edgetpu.toml")


def test_a_pyproject_without_our_table_is_no_settings_file(tmp_path: Path) -> None:
    with pytest.raises(SettingsError, match=r"there is no \[tool.tflint-edgetpu\] in it"):
        read(tmp_path, "[project]\n", "pyproject.toml")


def test_our_own_file_may_be_written_as_a_pyproject(tmp_path: Path) -> None:
    assert read(tmp_path, '[tool.tflint-edgetpu]\nselect = ["QNT"]\n').select == ("QNT",)
