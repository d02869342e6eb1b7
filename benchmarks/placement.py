"""How often the predicted placement is what the real compiler did: ``python benchmarks/placement.py [CORPUS]``.

``CORPUS`` is a folder with ``manifest.json``, ``pairs/<id>/model.tflite`` and ``truth/<id>.json``; by default
the one of the shared test data.  Each model is copied alone into an empty folder before it is read, so that
nothing but the model can speak.  Prints the accuracy an operator, a family and a model, the verdicts told
as grey, every miss, the status rows of logs, what each family scores without its own evidence, and how
far the predicted parameters are from those in compiled files.
"""

from __future__ import annotations

import json
import os
import shutil
import statistics
import sys
import tempfile
from collections import Counter, defaultdict
from collections.abc import Iterable
from pathlib import Path
from typing import Any, NamedTuple

from tflint_edgetpu.edgetpu.compiled import read_compiled
from tflint_edgetpu.edgetpu.memory import parameter_bytes
from tflint_edgetpu.edgetpu.placement import Placement, place_model
from tflint_edgetpu.model.graph import Model
from tflint_edgetpu.model.reader import read_model

# Models that no look at the file alone can get right.
IMPOSSIBLE = {
    "PINTO0309_deeplabv3_mnv2_dm05_pascal_quant": "an older build refused a dilated DEPTHWISE_CONV_2D; "
    "google-coral_test_data_deeplabv3_mnv2_dm05_pascal_quant is the same file, byte for byte, and maps it",
    "google-coral_deeplab_mobilenet_edgetpu_slim_cityscapes_quant": "a build of Google's mapped TILE, which is in "
    "no table and which 16.0 refuses",
}
# Compiled with -a throughout; a log alone does not show it.
MULTIPLE_SUBGRAPHS = "forest_gemm"


class Specimen(NamedTuple):
    id: str
    family: str
    truth: dict[str, Any]
    path: Path

    @property
    def multiple_subgraphs(self) -> bool:
        return (self.truth.get("edgetpu_custom_ops") or 1) > 1 or self.family == MULTIPLE_SUBGRAPHS


class Score(NamedTuple):
    """Operators right and judged of one model."""

    specimen: Specimen
    right: int
    judged: int
    misses: list[str]
    grey_right: int
    grey: int


def read_alone(path: Path) -> Model:
    """The model, read from a folder that holds nothing else."""
    with tempfile.TemporaryDirectory() as folder:
        copy = Path(folder) / "model.tflite"
        shutil.copyfile(path, copy)
        return read_model(copy.read_bytes())


def specimens(corpus: Path) -> list[Specimen]:
    families = {
        entry["id"]: entry["family"] for entry in json.loads((corpus / "manifest.json").read_text("utf-8"))
    }
    found = []
    for file in sorted((corpus / "truth").glob("*.json")):
        truth = json.loads(file.read_text("utf-8"))
        path = corpus / "pairs" / file.stem / "model.tflite"
        if path.is_file():
            found.append(Specimen(file.stem, families[file.stem], truth, path))
    return found


def predict(specimen: Specimen, held_out: frozenset[str] = frozenset()) -> Placement:
    return place_model(
        read_alone(specimen.path), multiple_subgraphs=specimen.multiple_subgraphs, held_out=held_out
    )


def score(specimen: Specimen, placement: Placement) -> Score:
    right = judged = grey = grey_right = 0
    misses = []
    for fact, placed in zip(specimen.truth["ops"], placement.operators, strict=True):
        if fact["mapped"] is None:
            continue
        is_right = (placed.on == "edgetpu") == fact["mapped"]
        judged += 1
        right += is_right
        if placed.certainty == "guess":
            grey += 1
            grey_right += is_right
        if not is_right:
            really = "mapped" if fact["mapped"] else "on the CPU"
            misses.append(
                f"{placed.operator.ref} {placed.operator.label}: {placed.role}, really {really}; {placed.reason}"
            )
    return Score(specimen, right, judged, misses, grey_right, grey)


def floor(specimen: Specimen) -> Score:
    """'An operator maps iff all its activations are 8-bit'."""
    model = read_alone(specimen.path)
    right = judged = 0
    for fact, operator in zip(specimen.truth["ops"], model.main.operators, strict=True):
        if fact["mapped"] is None:
            continue
        eight = all(
            tensor.dtype in ("INT8", "UINT8") for tensor in operator.tensors if not model.is_constant(tensor)
        )
        judged += 1
        right += eight == fact["mapped"]
    return Score(specimen, right, judged, [], 0, 0)


def show(title: str, scores: Iterable[Score]) -> None:
    chosen = list(scores)
    right, judged = sum(one.right for one in chosen), sum(one.judged for one in chosen)
    families = defaultdict(list)
    for one in chosen:
        families[one.specimen.family].append(one)
    mean = statistics.mean(
        sum(one.right for one in group) / sum(one.judged for one in group) for group in families.values()
    )
    whole = sum(one.right == one.judged for one in chosen)
    print(
        f"{title:34} operators {right}/{judged} = {right / judged:.4f}   families {mean:.4f}   "
        f"models {whole}/{len(chosen)} = {whole / len(chosen):.3f}"
    )


def show_status(found: list[Specimen]) -> None:
    """Rows of logs, operator kind x status, against the predicted ones."""
    same = rows = models = whole = 0
    for specimen in found:
        logged: Counter[tuple[str, str]] = Counter()
        for kind, count, status in specimen.truth.get("log_status") or []:
            logged[kind, status] += count
        if not logged:
            continue
        placed = Counter((one.operator.kind, one.status) for one in predict(specimen).operators)
        models += 1
        whole += logged == placed
        for key in logged.keys() | placed.keys():
            rows += 1
            same += logged[key] == placed[key]
            if logged[key] != placed[key]:
                print(f"  {specimen.id}: {key[0]} {key[1]!r} predicted {placed[key]}, logged {logged[key]}")
    print(f"{'log rows (kind x status)':34} {same}/{rows} equal, {whole} of {models} logs whole")


def show_memory(corpus: Path, found: list[Specimen]) -> None:
    """Parameters predicted for the operators that really went to the Edge TPU, against compiled twins."""
    errors, plain = [], []
    for specimen in found:
        twin = specimen.path.with_name("model_edgetpu.tflite")
        compiled = read_compiled(read_model(twin.read_bytes())) if twin.is_file() else None
        if compiled is None:
            continue
        model = read_alone(specimen.path)
        mapped = [
            operator
            for fact, operator in zip(specimen.truth["ops"], model.main.operators, strict=True)
            if fact["mapped"]
        ]
        real = compiled.cached_bytes + compiled.streamed_bytes
        predicted = sum(parameter_bytes(operator, model) for operator in mapped)
        weights = sum(
            operator.inputs[1].elements
            for operator in mapped
            if operator.kind in ("CONV_2D", "DEPTHWISE_CONV_2D", "FULLY_CONNECTED") and operator.inputs[1]
        )
        errors.append(predicted / real - 1)
        plain.append(weights / real - 1)
        print(f"  {specimen.id[:60]:60} {real:9,} bytes, predicted {predicted:9,} ({errors[-1]:+.2%})")
    sizes = sorted(map(abs, errors))
    print(
        f"{'parameters of compiled twins':34} {sum(size == 0 for size in sizes)} of {len(sizes)} exact, median error "
        f"{statistics.median(sizes):.2%}, largest {sizes[-1]:.2%}; counting weights alone: median "
        f"{statistics.median(map(abs, plain)):.1%}"
    )


def main(corpus: Path) -> int:
    found = specimens(corpus)
    scores = {specimen.id: score(specimen, predict(specimen)) for specimen in found}
    exact = [specimen for specimen in found if specimen.truth["confidence"] == "exact"]
    show("floor, exact", map(floor, exact))
    show("predicted, exact", (scores[one.id] for one in exact))
    possible = [one for one in exact if one.id not in IMPOSSIBLE]
    show("predicted, exact and possible", (scores[one.id] for one in possible))
    show("predicted, all", scores.values())
    grey = [one for one in scores.values() if one.grey]
    print(
        f"{'verdicts told as a guess':34} {sum(one.grey_right for one in grey)}/{sum(one.grey for one in grey)} right, "
        f"in {len(grey)} models"
    )
    for one in scores.values():
        if one.misses:
            print(f"\n{one.specimen.id} ({one.specimen.truth['confidence']}): {len(one.misses)} misses")
            print(f"  {IMPOSSIBLE.get(one.specimen.id, 'unexplained')}")
            for miss in one.misses:
                print(f"  {miss}")
    print()
    show_status(found)
    print()
    alone = [score(one, predict(one, frozenset((one.family,)))) for one in exact]
    show("each family without its evidence", alone)
    for family in sorted({one.family for one in exact}):
        group = [one for one in alone if one.specimen.family == family]
        right, judged = sum(one.right for one in group), sum(one.judged for one in group)
        print(f"  {family:32} {right}/{judged} = {right / judged:.3f}")
    print()
    show_memory(corpus, found)
    unexplained = [one for one in scores.values() if one.misses and one.specimen.id not in IMPOSSIBLE]
    return 1 if unexplained else 0


if __name__ == "__main__":
    DEFAULT = Path(os.environ.get("TFLINT_EDGETPU_CORPUS", "../shared")) / "corpus"
    sys.exit(main(Path(sys.argv[1]) if len(sys.argv) > 1 else DEFAULT))
