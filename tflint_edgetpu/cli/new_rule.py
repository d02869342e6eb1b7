"""Write the skeleton of a new rule, with cases that fail until it says something.

Run in a checkout, the rule goes to its family of the built-in ones. With --into it goes to the package of
an outside plugin, which must have a hook tflint_rules as in examples/acme-tflint.
"""

from __future__ import annotations

import argparse
import re
from pathlib import Path
from typing import NamedTuple

from .main import UserError

FAMILIES = Path("plugins/tflint_edgetpu_rules")
CODE = re.compile(r"[A-Z]{3}[0-9]{3}")
NAME = re.compile(r"[a-z][a-z0-9]*(-[a-z0-9]+)+")
# The end of a hook: its imports, if there are any, and the list it returns.
HOOK = re.compile(
    r"(?P<imports>(?:^    from \.\w+ import \w+\n)*)\n*^    return \[(?P<names>.*?)\]",
    re.DOTALL | re.MULTILINE,
)
# Where a family lists its rules by file, with what each of them needs.
TABLE = re.compile(r"^RULES = \{\n(?P<rows>(?:    .*\n)*)\}", re.MULTILINE)
IMPORTED = re.compile(r"^from .* import .*\bALWAYS\b", re.MULTILINE)
IMPORT = ("import DeferredRule", "import ALWAYS, DeferredRule")
LONGEST_LINE = 100

RULE = '''"""{code} {name}."""

from __future__ import annotations

from collections.abc import Iterator

from tflint_edgetpu.api import Certainty, Context, Finding, Operator, Rule, RuleMeta, Severity


class {cls}(Rule):
    """One sentence that says what was found.

    ## Why it matters
    What it costs the user.

    ## How to fix
    What to change, ready to paste.

    ## References
    - https://coral.ai/docs/edgetpu/models-intro
    """

    meta = RuleMeta(
        "{code}",
        "{name}",
        Severity.WARNING,
        Certainty.GUESS,
        references=("https://coral.ai/docs/edgetpu/models-intro",),
    )
    operators = frozenset(("RELU",))

    def check_operator(self, operator: Operator, context: Context) -> Iterator[Finding]:
        return iter(())  # yield self.finding(operator, "what is wrong with it")
'''

CASES = '''"""Cases of {code} {name}."""

from tflint_edgetpu.testing.builder import ModelBuilder
from tflint_edgetpu.testing.cases import failing, passing


@passing
def nothing_wrong(m: ModelBuilder) -> None:
    m.output(m.conv2d(m.input((1, 8, 8, 3))))


@failing(severity="warning")
def what_the_rule_finds(m: ModelBuilder) -> None:
    m.output(m.unary("RELU", m.input((1, 8, 8, 3)), version=2))
'''

RUNNER = '''"""The rules of this plugin against their cases."""

from __future__ import annotations

from pathlib import Path

import pytest

from tflint_edgetpu.lint.plugins import Plugins
from tflint_edgetpu.testing import harness
from tflint_edgetpu.testing.cases import Case

PLUGINS = Plugins()
CASES = harness.find_cases(Path(__file__).parent)


@pytest.mark.parametrize(("file", "case"), CASES, ids=harness.case_id)
def test_case(file: str, case: Case) -> None:
    harness.check_case(PLUGINS, file, case)


@pytest.mark.parametrize("file", sorted({file for file, _ in CASES}))
def test_documentation(file: str) -> None:
    harness.check_documentation(harness.rule_of(PLUGINS, file))
'''


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Declare the options of the command."""
    parser.add_argument("code", metavar="CODE", help="three letters of the family and three digits: OPS024")
    parser.add_argument("name", metavar="name", help="the pattern found, in kebab case: pool-too-large")
    parser.add_argument("--family", metavar="FAMILY", help="sub-package of the built-in rules")
    parser.add_argument("--into", metavar="DIR", type=Path, help="package of an outside plugin")
    parser.add_argument(
        "--tests",
        metavar="DIR",
        type=Path,
        help="folder for the cases, as a rule the one beside the package's pyproject.toml",
    )


def run(arguments: argparse.Namespace) -> int:
    """Write the files; raises UserError where something is in the way."""
    code, name = arguments.code.upper(), arguments.name
    if not CODE.fullmatch(code):
        raise UserError(f"'{arguments.code}' is no code: three letters and three digits, such as OPS024")
    if not NAME.fullmatch(name):
        raise UserError(f"'{name}' is no name: words in kebab case, such as pool-too-large")
    place = _place(arguments)
    _refuse_taken(code, place.package)
    module = f"{code.lower()}_{name.replace('-', '_')}"
    cls = "".join(part.capitalize() for part in name.split("-"))
    rule, cases = place.package / f"{module}.py", place.cases / module / "cases.py"
    for file in (rule, cases):
        if file.exists():
            raise UserError(f"{file} is there already")
    init = place.package / "__init__.py"
    texts = {
        rule: RULE.format(code=code, name=name, cls=cls),
        cases: CASES.format(code=code, name=name),
        init: _listed(init, module, cls),
    }
    if not place.runner.exists():
        texts[place.runner] = RUNNER
    for file, text in texts.items():
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(text, encoding="utf-8")
        print(f"wrote {file}")
    print(f"next: pytest -q {place.runner} -k {code.lower()} fails; write the check in {rule.name}")
    return 0


class Place(NamedTuple):
    """Where the parts of a rule go."""

    package: Path  # with the hook that lists it
    cases: Path
    runner: Path  # the test file that runs all cases


def _place(arguments: argparse.Namespace) -> Place:
    if arguments.into is not None:
        package = arguments.into
        if not (package / "__init__.py").is_file():
            raise UserError(f"{package} is no package: it has no __init__.py")
        root = next((p for p in package.resolve().parents if (p / "pyproject.toml").is_file()), package)
        tests = arguments.tests or root / "tests"
        return Place(package, tests, tests / "test_rules.py")
    if arguments.family is None:
        raise UserError("say --family for a built-in rule, or --into for a plugin of your own")
    package = FAMILIES / arguments.family
    if not (package / "__init__.py").is_file():
        known = sorted(found.parent.name for found in FAMILIES.glob("*/__init__.py"))
        families = f"; there are {', '.join(known)}" if known else " here: run it in a checkout"
        raise UserError(f"there is no family '{arguments.family}'{families}")
    tests = arguments.tests or Path("tests/rules")
    return Place(package, tests / arguments.family, tests / "test_rules.py")


def _refuse_taken(code: str, package: Path) -> None:
    """A code belongs to one rule for ever, and its letters to one family."""
    from ..lint.plugins import Plugins

    for identity, rule in Plugins().rules.values():
        if code == rule.meta.code or code in rule.meta.formerly:
            raise UserError(f"{code} is taken: {rule.meta.name} of {identity}")
    listed = sorted(file.stem.partition("_")[0].upper() for file in package.glob("[a-z]*_*.py"))
    codes = [found for found in listed if CODE.fullmatch(found)]
    if code in codes:
        raise UserError(f"{code} is taken by a rule in {package}")
    if codes and codes[0][:3] != code[:3]:
        raise UserError(f"the rules in {package} are called {codes[0][:3]}, the next one {_after(codes[-1])}")


def _after(code: str) -> str:
    return f"{code[:3]}{int(code[3:]) + 1:03}"


def _listed(init: Path, module: str, cls: str) -> str:
    """The text of the package with the rule in its table, or in its hook."""
    text = init.read_text(encoding="utf-8")
    table = TABLE.search(text)
    if table is not None:
        rows = sorted([*table["rows"].splitlines(), f'    "{module}": ALWAYS,'])
        text = text[: table.start("rows")] + "\n".join(rows) + "\n" + text[table.end("rows") :]
        return text if IMPORTED.search(text) else text.replace(*IMPORT, 1)
    hook = text.find("def tflint_rules")
    found = HOOK.search(text, hook) if hook >= 0 else None
    if found is None:
        raise UserError(
            f"{init} has no table RULES, and no hook that ends in 'return [...]': add the rule by hand"
        )
    imports = sorted([*found["imports"].splitlines(), f"    from .{module} import {cls}"])
    names = [name.strip() for name in found["names"].split(",") if name.strip()] + [cls]
    listing = f"    return [{', '.join(names)}]"
    if len(listing) > LONGEST_LINE:
        listing = "    return [\n" + "".join(f"        {name},\n" for name in names) + "    ]"
    return (
        text[: found.start()].rstrip("\n")
        + "\n"
        + "\n".join(imports)
        + "\n\n"
        + listing
        + text[found.end() :]
    )
