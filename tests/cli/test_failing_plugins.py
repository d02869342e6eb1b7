"""Plugins that are broken or clash: named in one line, and nothing else is lost."""

from __future__ import annotations

import json
import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

Copy = Callable[..., Path]

HEAD = """
from tflint_edgetpu.api import Certainty, Rule, RuleMeta, Severity, hookimpl

def rule(code, name="my-rule", check=None):
    class Mine(Rule):
        \"\"\"A rule.\"\"\"
        meta = RuleMeta(code, name, Severity.WARNING, Certainty.GUESS, references=("https://example.org",))
        def check_model(self, context):
            yield from check(self, context) if check else ()
    return Mine
"""


@pytest.fixture
def install(folder: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Callable[[str, str], None]]:
    """``install("mine", source)``: a distribution ``mine`` with one plugin made of ``source``."""
    site = folder / "site"
    before = set(sys.modules)

    def put(name: str, source: str) -> None:
        info = site / f"{name}-1.0.dist-info"
        info.mkdir(parents=True)
        (info / "METADATA").write_text(f"Metadata-Version: 2.1\nName: {name}\nVersion: 1.0\n")
        (info / "entry_points.txt").write_text(f"[tflint_edgetpu]\n{name} = plugin_{name}\n")
        (site / f"plugin_{name}.py").write_text(HEAD + source)
        if str(site) not in sys.path:
            monkeypatch.syspath_prepend(str(site))

    yield put
    for name in set(sys.modules) - before:
        if name.startswith("plugin_"):
            del sys.modules[name]


@pytest.mark.parametrize(
    "check",
    [
        "def check(self, context): raise ValueError('out of \\x1b[31m ideas')",
        "def check(self, context): yield 3",
        "def check(self, context): yield self.finding((), 'nowhere')",
        "def check(self, context): yield self.finding(None, 'one')\n",
    ],
    ids=["raises", "no finding", "no place", "works"],
)
@pytest.mark.parametrize("jobs", ["1", "2"])
def test_a_rule_that_fails(check: str, jobs: str, copy: Copy, install: Any, run: Any) -> None:
    copy("ssd_user_settings", "a")
    copy("ssd_user_settings", "b")
    install("mine", f"{check}\n@hookimpl\ndef tflint_rules(): return [rule('MIN001', check=check)]\n")
    done = run("lint", "--format", "json", "--jobs", jobs)
    files = json.loads(done.out)["files"]
    assert all("PLC001" in {finding["code"] for finding in file["findings"]} for file in files)
    failures = [failure for file in files for failure in file["failures"]]
    if "'one'" in check:
        assert (done.code, failures) == (1, [])
        return
    assert done.code == 2
    assert len(failures) == 2
    assert all(failure.startswith("rule MIN001 of plugin mine:mine failed: ") for failure in failures)
    assert done.err.count("rule MIN001 of plugin mine:mine failed") == 2
    assert "\x1b" not in done.err and "Traceback" not in done.err


@pytest.mark.parametrize("format", ["full", "concise", "sarif", "github", "junit"])
def test_every_report_tells_of_it(format: str, copy: Copy, install: Any, run: Any) -> None:
    copy("classifier_int8")
    install("mine", "def check(self, context): raise ValueError('out of ideas')\n"
                    "@hookimpl\ndef tflint_rules(): return [rule('MIN001', check=check)]\n")  # fmt: skip
    done = run("lint", "--format", format)
    assert done.code == 2
    assert "MIN001 of plugin mine:mine failed: ValueError: out of ideas" in " ".join(done.out.split())


def test_a_rule_that_is_not_selected_cannot_fail_the_run(copy: Copy, install: Any, run: Any) -> None:
    copy("classifier_int8")
    install("mine", "def check(self, context): raise ValueError\n"
                    "@hookimpl\ndef tflint_rules(): return [rule('MIN001', check=check)]\n")  # fmt: skip
    assert run("lint", "--ignore", "MIN001").code == 0


@pytest.mark.parametrize(
    ("source", "said"),
    [
        ("1 / 0", "plugin 'mine' of mine 1.0 cannot be loaded: ZeroDivisionError"),
        ("import nothing_of_that_name", "cannot be loaded: ModuleNotFoundError"),
        ("def broken(:", "cannot be loaded: SyntaxError"),
        ("raise SystemExit(0)", "cannot be loaded: SystemExit"),
        ("@hookimpl\ndef tflint_rulez(): return []", "does not fit the hooks"),
        ("@hookimpl\ndef tflint_rules(context): return []", "does not fit the hooks"),
        (
            "@hookimpl\ndef tflint_rules(): 1 / 0",
            "plugin mine:mine failed in tflint_rules: ZeroDivisionError",
        ),
        ("@hookimpl\ndef tflint_rules(): return None", "plugin mine:mine failed in tflint_rules: TypeError"),
        ("@hookimpl\ndef tflint_rules(): return [3]", "plugin mine:mine gave 3 for a rule"),
        ("@hookimpl\ndef tflint_rules(): return [Rule]", "plugin mine:mine gave <class"),
        ("@hookimpl\ndef tflint_rules(): return [rule('PLC001')]", "two rules have the code PLC001"),
        (
            "@hookimpl\ndef tflint_rules(): return [rule('MIN001'), rule('MIN001')]",
            "the code MIN001: one of mine",
        ),
        ("@hookimpl\ndef tflint_rules(): return [rule('TFL001')]", "two rules have the code TFL001"),
        (
            "@hookimpl\ndef tflint_rules(): return [rule('MIN001', 'float-input')]",
            "two rules have the name float-input",
        ),
    ],
)
@pytest.mark.parametrize("command", ["lint", "rules", "plugins"])
def test_a_broken_plugin(command: str, source: str, said: str, copy: Copy, install: Any, run: Any) -> None:
    copy("classifier_int8")
    install("mine", source)
    done = run(command)
    assert done.code == 2
    assert said in done.err and done.err.count("\n") == 1
    assert "mine" in done.err


def test_two_plugins_with_one_code_are_both_named(copy: Copy, install: Any, run: Any) -> None:
    copy("classifier_int8")
    for name in ("mine", "yours"):
        install(name, "@hookimpl\ndef tflint_rules(): return [rule('MIN001')]\n")
    done = run("lint")
    assert done.code == 2
    assert "mine:mine" in done.err and "yours:yours" in done.err


def test_a_reporter_of_a_plugin(copy: Copy, install: Any, run: Any, folder: Path) -> None:
    copy("classifier_int8")
    install(
        "mine",
        "class Count:\n    name = 'count'\n"
        "    def write(self, report, output): output.stream.write(f'{len(report.files)}\\n')\n"
        "class Broken:\n    name = 'broken'\n"
        "    def write(self, report, output): output.stream.write('half'); 1 / 0\n"
        "@hookimpl\ndef tflint_reporters(): return [Count(), Broken()]\n",
    )
    assert run("lint", "--format", "count") == (0, "1\n", "")
    assert "did you mean 'count'?" in run("lint", "--format", "coutn").err
    done = run("lint", "--format", "broken", "--output", "report")
    assert (done.code, done.err) == (
        2,
        "tflint-edgetpu: the format 'broken' failed: ZeroDivisionError: division by zero\n",
    )
    assert not (folder / "report").exists()


def test_a_failing_constraint_costs_only_the_placement(copy: Copy, install: Any, run: Any) -> None:
    copy("classifier_int8_float_io")
    install(
        "mine",
        "from tflint_edgetpu.api import Status, constraint, measured\n"
        "@constraint('CONV_2D', status=Status.UNSPECIFIED, source=measured('nowhere'))\n"
        "def mine(operator, facts):\n    '''Mine.'''\n    1 / 0\n"
        "@hookimpl\ndef tflint_constraints(): return [mine]\n",
    )
    done = run("lint", "--format", "json")
    assert done.code == 2 and "Traceback" not in done.err
    assert done.out, done.err
    (file,) = json.loads(done.out)["files"]
    assert "IOB001" in {finding["code"] for finding in file["findings"]}
    assert any("ZeroDivisionError" in failure for failure in file["failures"])
    assert file["placement"] is None
