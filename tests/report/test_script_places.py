"""Reports on scripts: valid in every format, however hostile the code is."""

from __future__ import annotations

import json
from pathlib import Path
from xml.etree import ElementTree

import jsonschema
import pytest

import tflint_edgetpu
from tflint_edgetpu.report.reporter import BUILT_IN
from tflint_edgetpu.testing.notebooks import notebook
from tflint_edgetpu.testing.reports import HOSTILE_TEXTS, report_on, written

SCHEMA = json.loads((Path(tflint_edgetpu.__file__).parent / "report" / "schema.json").read_text("utf-8"))
CODE = """
converter = tf.lite.TFLiteConverter.from_saved_model({text})
converter.optimizations = [tf.lite.Optimize.DEFAULT]
converter.representative_dataset = images
converter.target_spec.supported_ops = [tf.lite.OpsSet.TFLITE_BUILTINS_INT8, tf.lite.OpsSet.SELECT_TF_OPS]
data = converter.convert()
plain = tf.lite.TFLiteConverter.from_saved_model({text}).convert()
open({text} "int8", "wb").write(plain)
setattr(converter, {text}, 1)
"""


@pytest.mark.parametrize("text", HOSTILE_TEXTS, ids=range(len(HOSTILE_TEXTS)))
def test_hostile_code(text: str, tmp_path: Path) -> None:
    quoted = json.dumps(text.encode("utf-8", "replace").decode(), ensure_ascii=False)
    quoted = "".join(c if c.isprintable() or c > "\x7f" else f"\\x{ord(c):02x}" for c in quoted)
    code = f"# {text[:50]!r}\n{CODE.format(text=quoted)}"
    (tmp_path / "a.py").write_text(code, encoding="utf-8", errors="replace")
    book = notebook(code, outputs={1: f"{text} 'tf.{text}' op is neither a custom op nor a flex op {text}"})
    (tmp_path / "b.ipynb").write_text(book, encoding="utf-8", errors="replace")
    report = report_on([tmp_path / "a.py", tmp_path / "b.ipynb"])
    assert {finding.code for finding in report.findings} >= {"CNV003", "CNV009", "CNV013"}
    texts = {name: written(report, name) for name in BUILT_IN}
    for name, output in texts.items():
        assert "\x1b" not in output and "\x07" not in output and "\u202e" not in output, name
    jsonschema.Draft202012Validator(SCHEMA).validate(json.loads(texts["json"]))
    ElementTree.fromstring(texts["junit"])
    lines = texts["github"].splitlines()
    assert all(line.startswith(("::error ", "::warning ", "::notice ")) for line in lines[:-1])
    for result in json.loads(texts["sarif"])["runs"][0]["results"]:
        assert result["locations"][0]["physicalLocation"]["region"]["startLine"] >= 1
