"""Did fewer operators map than before? ``--placement-baseline`` takes an earlier ``--format json`` report."""

from __future__ import annotations

import json
import os
from collections.abc import Iterator, Mapping
from typing import Any

from ..edgetpu.compiles import REFUSED
from ..edgetpu.placement import Placement
from ..model.record import NamedTuple
from .core_rules import PlacementRegression
from .finding import Finding
from .settings import SettingsError
from .wording import percent


class Before(NamedTuple):
    """What an earlier report says of one file."""

    edgetpu: int
    total: int
    share: float | None  # of the arithmetic; None where there was none


class PlacementBaseline:
    def __init__(self, path: str, files: Mapping[str, Before]) -> None:
        self.path = path
        self._files = files

    def of(self, path: str) -> Before | None:
        """The earlier numbers of ``path``; of the only file of that name where paths changed."""
        normal = path.replace(os.sep, "/")
        if normal in self._files:
            return self._files[normal]
        name = os.path.basename(path)
        same = [before for file, before in self._files.items() if file.rpartition("/")[2] == name]
        return same[0] if len(same) == 1 else None


def read_placement_baseline(path: str) -> PlacementBaseline:
    """Read a JSON report; raises :class:`SettingsError`."""
    try:
        with open(path, "rb") as file:
            document = json.loads(file.read())
        files = {
            str(entry["path"]).replace(os.sep, "/"): _before(entry["placement"])
            for entry in document["files"]
            if entry["placement"] is not None
        }
    except OSError as error:
        raise SettingsError(f"placement baseline {path}: {error.strerror or error}") from error
    except (ValueError, KeyError, TypeError, RecursionError):
        raise SettingsError(
            f"placement baseline {path}: this is no report of 'tflint-edgetpu lint --format json'"
        ) from None
    return PlacementBaseline(path, files)


def _before(placement: Mapping[str, Any]) -> Before:
    edgetpu, cpu, macs = int(placement["edgetpu"]), int(placement["cpu"]), int(placement["macs"])
    macs_edgetpu = int(placement["macs_edgetpu"])
    total = edgetpu + cpu
    if placement["compiles"]["verdict"] in REFUSED:
        edgetpu = macs_edgetpu = 0
    return Before(edgetpu, total, macs_edgetpu / macs if macs else None)


def regressions(path: str, placement: Placement | None, baseline: PlacementBaseline) -> Iterator[Finding]:
    """A finding where the share of the arithmetic, or else of the operators, on the Edge TPU fell."""
    before = baseline.of(path)
    if placement is None or before is None or not placement.operators:
        return
    is_refused = placement.compiles.is_refused
    edgetpu, total = 0 if is_refused else placement.edgetpu, len(placement.operators)
    arithmetic = 0.0 if is_refused else placement.share
    fell = edgetpu / total < before.edgetpu / before.total - 1e-9 if before.total else False
    if before.share is not None and placement.macs:
        fell = arithmetic < before.share - 1e-9 or (fell and arithmetic <= before.share)
    if fell:
        why = ": the compiler refuses the file as a whole" if is_refused else ""
        shares = ""
        if before.share is not None and placement.macs:
            shares = f", {percent(arithmetic)} of the arithmetic instead of {percent(before.share)}"
        yield PlacementRegression.finding(
            None,
            f"{edgetpu} of {total} operators on the Edge TPU instead of {before.edgetpu} of {before.total}"
            f"{shares}{why}",
            evidence={"edgetpu": edgetpu, "before": before.edgetpu, "baseline": baseline.path},
        )
