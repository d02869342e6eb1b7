"""Repair one model with the rules of the loaded plugins: what ``tflint-edgetpu fix`` and ``fix()`` do."""

from __future__ import annotations

from collections.abc import Callable

from ..edgetpu.support.registry import SupportTable
from ..edgetpu.target import DEFAULT_TARGET, Target
from ..lint.context import Context
from ..lint.finding import Finding, Safety
from ..lint.plugins import PluginError, Plugins
from ..lint.run import run_rules
from ..model.reader import read_model
from .edits import edit_kinds
from .session import Linted, Outcome, Session


def repair(
    data: bytes,
    plugins: Plugins,
    *,
    level: Safety = Safety.SAFE,
    wanted: Callable[[Finding], bool] = lambda finding: True,
    target: Target = DEFAULT_TARGET,
    consumer: str | None = None,
    multiple_subgraphs: bool = False,
    samples: int = 8,
    inputs: str | None = None,
) -> Outcome:
    """Apply every fix of ``level`` and better that ``wanted`` admits, and prove the result.

    Raises ReadError where ``data`` is no model, CannotVerify where LiteRT is missing or refuses it, PluginError
    where a plugin's edit kinds cannot be used.
    """
    try:
        kinds = edit_kinds(plugins.fixers)
    except ValueError as error:
        raise PluginError(str(error)) from None
    table = SupportTable(plugins.constraints)

    def lint(model_data: bytes) -> Linted:
        model = read_model(model_data)
        context = Context(
            model, target=target, consumer=consumer, multiple_subgraphs=multiple_subgraphs, table=table
        )
        findings, failures = run_rules(context, plugins.rules.values())
        if failures:
            raise failures[0]
        return Linted(model, tuple(findings), context.placement)

    session = Session(lint, kinds, level=level, wanted=wanted, samples=samples, inputs=inputs)
    return session.run(data)
