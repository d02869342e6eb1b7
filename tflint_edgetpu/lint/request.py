"""What a caller asks for beyond the settings file: the options of ``lint``, of the command and of Python."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import TYPE_CHECKING, Any

from ..edgetpu.target import COMPILERS
from ..model.record import NamedTuple
from .settings import CONSUMERS, LEVELS, NEVER, SettingsError

if TYPE_CHECKING:
    from .evidence import EvidencePaths


class Request(NamedTuple):
    """Checked options. They can be sent to another process."""

    config: str | None = None  # the settings file to use for all files
    overrides: Mapping[str, Any] = {}  # fields of Settings
    severity: Mapping[str, Any] = {}  # grades on top of those of the settings
    runtime: int | None = None  # of the target, whatever release that is
    evidence: EvidencePaths | None = None
    placement_baseline: str | None = None  # an earlier JSON report
    use_baseline: bool = True  # False while one is written


def make_request(
    *,
    config: str | None = None,
    select: str | Iterable[str] | None = None,
    ignore: str | Iterable[str] | None = None,
    severity: Mapping[str, str] | None = None,
    fail_on: str | None = None,
    target_compiler: str | None = None,
    min_runtime_version: int | None = None,
    multiple_subgraphs: bool | None = None,
    consumer: str | None = None,
    baseline: str | None = None,
    placement_baseline: str | None = None,
    log: str | None = None,
    compiled: str | None = None,
    join: bool = False,
) -> Request:
    """Check options; raises :class:`SettingsError`. ``None`` leaves the settings as they are. Codes are a list,
    or a text with commas.
    """
    overrides: dict[str, Any] = {}
    if select is not None:
        overrides["select"] = _words(select)
    if ignore is not None:
        overrides["ignore"] = _words(ignore)
    if fail_on is not None:
        overrides["fail_on"] = _choice("fail-on", fail_on, {**LEVELS, NEVER: None})
    if target_compiler is not None:
        overrides["target"] = _choice("target-compiler", target_compiler, COMPILERS)
    if multiple_subgraphs is not None:
        overrides["multiple_subgraphs"] = multiple_subgraphs
    if consumer is not None:
        overrides["consumer"] = _choice("consumer", consumer, {name: name for name in CONSUMERS})
    if baseline is not None:
        overrides["baseline"] = baseline
    if min_runtime_version is not None and min_runtime_version < 1:
        raise SettingsError(f"min-runtime-version: a runtime version such as 13, not {min_runtime_version}")
    evidence = None
    if log or compiled or join:
        from .evidence import EvidencePaths

        evidence = EvidencePaths(log, compiled, join)
    grades = {code: _choice(f"severity of {code}", word, LEVELS) for code, word in (severity or {}).items()}
    return Request(config, overrides, grades, min_runtime_version, evidence, placement_baseline)


def _words(text: str | Iterable[str]) -> tuple[str, ...]:
    parts = text.split(",") if isinstance(text, str) else text
    return tuple(part.strip() for part in parts if part.strip())


def _choice(option: str, word: str, choices: Mapping[str, Any]) -> Any:
    if word not in choices:
        from .suggest import did_you_mean

        raise SettingsError(
            f"{option}: one of {', '.join(choices)}, not '{word}'{did_you_mean(word, choices)}"
        )
    return choices[word]
