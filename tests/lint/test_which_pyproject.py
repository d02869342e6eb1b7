"""Which pyproject.toml is worth parsing: TOML takes longer to read than a model to lint."""

from __future__ import annotations

import sys
from pathlib import Path

import pytest

from tflint_edgetpu.lint.settings_file import find_settings, read_settings

if sys.version_info >= (3, 11):
    import tomllib
else:
    import tomli as tomllib

SPELLINGS = (
    '[tool.tflint-edgetpu]\nselect = ["QNT"]\n',
    '[ tool . "tflint-edgetpu" ]\nselect = ["QNT"]\n',
    "[tool.'tflint-edgetpu']\nselect = ['QNT']\n",
    'tool.tflint-edgetpu.select = ["QNT"]\n',
    '[tool]\ntflint-edgetpu.select = ["QNT"]\n',
    '[tool]\ntflint-edgetpu = { select = ["QNT"] }\n',
    '[tool]\n"tflint-edgetpu" = {select = ["QNT"]}\n',
    'tool = { tflint-edgetpu = { select = ["QNT"] } }\n',
)


@pytest.mark.parametrize("text", SPELLINGS)
def test_every_spelling_of_our_table_is_found(text: str, tmp_path: Path) -> None:
    assert tomllib.loads(text) == {"tool": {"tflint-edgetpu": {"select": ["QNT"]}}}
    file = tmp_path / "pyproject.toml"
    file.write_text(text, "utf-8")
    assert find_settings(str(tmp_path)) == str(file)
    assert read_settings(str(file)).select == ("QNT",)


@pytest.mark.parametrize(
    "text",
    [
        '[project]\nname = "tflint-edgetpu"\n',
        '[project]\ndependencies = ["tflint-edgetpu>=1"]\n',
        '[project.scripts]\ntflint-edgetpu = "a:b"\n',
        '[project]\nname = "tflint-edgetpu"\nthis is no TOML\n',
    ],
)
def test_others_are_not_even_parsed(text: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "pyproject.toml").write_text(text, "utf-8")
    monkeypatch.setattr(tomllib, "loads", lambda text: pytest.fail("parsed"))
    assert find_settings(str(tmp_path)) != str(tmp_path / "pyproject.toml")
