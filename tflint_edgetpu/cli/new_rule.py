"""Write the skeleton of a new rule, with cases that fail until it says something.

Run in a checkout, the rule goes to its family of the built-in ones. With --into it goes to the package of
an outside plugin, which must have a hook 'tflint_rules' as in examples/acme-tflint.
"""

from __future__ import annotations

import argparse
import re
from pathlib import Path

from .main import UserError

FAMILIES = Path("plugins/tflint_edgetpu_rules")
CODE = re.compile(r"[A-Z]{3}[0-9]{3}")
NAME = re.compile(r"[a-z][a-z0-9]*(-[a-z0-9]+)+")

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


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Declare the options of the command."""
    parser.add_argument("code", metavar="CODE", help="three letters of the family and three digits: OPS022")
    parser.add_argument("name", metavar="name", help="the pattern found, in kebab case: pool-too-large")
    parser.add_argument("--family", metavar="FAMILY", help="sub-package of the built-in rules")
    parser.add_argument("--into", metavar="DIR", type=Path, help="package of an outside plugin")
    parser.add_argument("--tests", metavar="DIR", type=Path, help="folder for the cases")


def run(arguments: argparse.Namespace) -> int:
    """Write the files; raises UserError where something is in the way."""
    code, name = arguments.code.upper(), arguments.name
    if not CODE.fullmatch(code):
        raise UserError(f"'{arguments.code}' is no code: three letters and three digits, such as OPS022")
    if not NAME.fullmatch(name):
        raise UserError(f"'{name}' is no name: words in kebab case, such as pool-too-large")
    package, tests = _folders(arguments)
    _refuse_taken(code)
    module = f"{code.lower()}_{name.replace('-', '_')}"
    cls = "".join(part.capitalize() for part in name.split("-"))
    rule, cases = package / f"{module}.py", tests / module / "cases.py"
    for file in (rule, cases):
        if file.exists():
            raise UserError(f"{file} is there already")
    init = package / "__init__.py"
    text = _listed(init, module, cls)
    cases.parent.mkdir(parents=True, exist_ok=True)
    rule.write_text(RULE.format(code=code, name=name, cls=cls), encoding="utf-8")
    cases.write_text(CASES.format(code=code, name=name), encoding="utf-8")
    init.write_text(text, encoding="utf-8")
    print(f"wrote {rule}\nwrote {cases}\nlisted it in {init}")
    print(f"next: pytest -q {tests} -k {code.lower()} fails; write the check in {rule.name}")
    return 0


def _folders(arguments: argparse.Namespace) -> tuple[Path, Path]:
    """Where the rule and where its cases go."""
    if arguments.into is not None:
        if not (arguments.into / "__init__.py").is_file():
            raise UserError(f"{arguments.into} is no package: it has no __init__.py")
        root = next((p for p in arguments.into.resolve().parents if (p / "pyproject.toml").is_file()), None)
        return arguments.into, arguments.tests or (root or arguments.into) / "tests"
    if arguments.family is None:
        raise UserError("say --family for a built-in rule, or --into for a plugin of your own")
    package = FAMILIES / arguments.family
    if not (package / "__init__.py").is_file():
        known = sorted(found.parent.name for found in FAMILIES.glob("*/__init__.py"))
        families = f"; there are {', '.join(known)}" if known else " here: run it in a checkout"
        raise UserError(f"there is no family '{arguments.family}'{families}")
    return package, arguments.tests or Path("tests/rules") / arguments.family


def _refuse_taken(code: str) -> None:
    from ..lint.plugins import Plugins

    rules = Plugins().rules
    if code in rules:
        raise UserError(f"{code} is taken: {rules[code][1].meta.name} of {rules[code][0]}")


def _listed(init: Path, module: str, cls: str) -> str:
    """The text of the package with the rule in its hook."""
    text = init.read_text(encoding="utf-8")
    hook = text.find("def tflint_rules")
    found = re.search(r"^    return \[(.*?)\]", text[hook:], re.DOTALL | re.MULTILINE) if hook >= 0 else None
    if found is None:
        raise UserError(
            f"{init} has no hook 'tflint_rules' that ends in 'return [...]': add the rule by hand"
        )
    names = [name.strip() for name in found.group(1).split(",") if name.strip()] + [cls]
    listing = "    return [\n" + "".join(f"        {name},\n" for name in names) + "    ]"
    if len("    return [" + ", ".join(names) + "]") <= 100:
        listing = "    return [" + ", ".join(names) + "]"
    start, end = hook + found.start(), hook + found.end()
    body = text[:start].rstrip("\n ")
    return f"{body}\n    from .{module} import {cls}\n\n{listing}{text[end:]}"
