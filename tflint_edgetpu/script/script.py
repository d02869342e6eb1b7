"""A script or notebook as rules see it. Analyses are made on first use; nothing in the file is ever run."""

from __future__ import annotations

import ast
import re
from functools import cached_property

from ..model.record import NamedTuple
from .conversion import Conversion, Run
from .converter_output import ConverterMessage, converter_messages
from .converters import Follower
from .exports import Export, exports
from .generators import Dataset, dataset_of
from .names import Names, Span
from .normalization import Normalization, normalizations
from .results import Written, unused_results, writes
from .source import Cell, Source, read_source

LONGEST_LINE = 4000
_EDGE_TPU = re.compile(r"edge[ _-]?tpu|coral|pycoral", re.IGNORECASE)
_DETECTOR = re.compile(
    r"TFLite_Detection_PostProcess|export_tflite(?:_ssd)?_graph|ssd_mobile|ssdlite|object_detection|efficientdet|"
    r"mobiledet|\bssd[ _-]?(?:resnet|inception|v[12]\b|\d{3})",
    re.IGNORECASE,
)
# Names that the guides of the Object Detection API use; other detectors, whose heads are raw, may use them as well.
_DETECTIONS = re.compile(r"tflite_detect|\bdetect(?:_quant)?\.tflite|detection_(?:boxes|scores|classes)")
_RAW_HEADS = re.compile(r"yolo", re.IGNORECASE)
_TRAINED_QUANTIZED = re.compile(
    r"quantize_apply|quantize_annotate|fake_quant|\bqat\b|_qat|qat_|quant.?aware", re.IGNORECASE
)
_TEST = re.compile(
    r"^[ \t]{0,20}(?:import|from)[ \t]{1,20}(?:unittest|pytest)\b|\bTestCase\b|\bself\.assert[A-Z]\w{0,40}\(",
    re.MULTILINE,
)
# The library for it, and the function of it that many scripts have a function of their own of the same name of.
_TRAINING_LIBRARY = re.compile(r"tensorflow_model_optimization|\btfmot\b")
_TRAINING_FUNCTION = "quantize_model"
_DENSE = re.compile(r"\bDense\(|include_top|applications\.|BERT|attention", re.IGNORECASE)
_INSTALLED = re.compile(r"\btensorflow(?:[-_](?:cpu|gpu))?\s{0,3}[=~]=\s{0,3}(\d{1,2})\.(\d{1,3})")
# Colab's magic gave the last TensorFlow 1, as long as there was one.
_COLAB_VERSION = "%tensorflow_version 1"
_PRINTED = re.compile(
    r"^\W{0,20}(?:tensorflow|tf)?[^\d\n]{0,40}\b([12])\.(\d{1,2})\.\d{1,2}\b", re.IGNORECASE
)


class Printed(NamedTuple):
    """A message of the converter in a stored output of a notebook."""

    message: ConverterMessage
    cell: int


class Script:
    """One file. ``path`` is its name, ``source`` its code."""

    def __init__(self, source: Source, path: str) -> None:
        self.source = source
        self.path = path

    @property
    def kind(self) -> str:
        """``source`` or ``notebook``."""
        return self.source.kind

    @property
    def cells(self) -> tuple[Cell, ...]:
        return self.source.cells

    @cached_property
    def names(self) -> Names:
        return Names(self.source)

    @cached_property
    def conversions(self) -> list[Conversion]:
        """Every converter, in the order in which they stand."""
        return Follower(self.names).conversions

    @cached_property
    def exports(self) -> list[Export]:
        return exports(self.names)

    @cached_property
    def normalizations(self) -> list[Normalization]:
        return normalizations(self.names)

    @cached_property
    def writes(self) -> list[Written]:
        return writes(self.names, self.conversions)

    @cached_property
    def unused_results(self) -> list[tuple[Conversion, Run]]:
        """Conversions whose result nothing reads."""
        return unused_results(self.names, self.conversions)

    @cached_property
    def printed(self) -> list[Printed]:
        """What the converter printed when the notebook was last run."""
        return [
            Printed(message, index)
            for index, cell in enumerate(self.cells)
            for message in converter_messages("\n".join(cell.outputs))
        ]

    def dataset(self, conversion: Conversion) -> Dataset | None:
        """What a converter is calibrated with, ``None`` where that is never set."""
        setting = conversion.last("representative_dataset")
        return None if setting is None else dataset_of(setting.value, setting.scope, self.names)

    @cached_property
    def code(self) -> str:
        """All code, outputs and prose left out."""
        return "\n".join(line for cell in self.cells for line in cell.lines)

    @cached_property
    def is_for_edgetpu(self) -> bool:
        """Whether the file names the Edge TPU or Coral."""
        return bool(
            _EDGE_TPU.search(self.code)
            or _EDGE_TPU.search(self.source.prose)
            or _EDGE_TPU.search(self.path.replace("\\", "/").rpartition("/")[2])
        )

    @cached_property
    def is_test(self) -> bool:
        """Whether the file holds tests for unittest or pytest; its name alone says nothing."""
        return bool(_TEST.search(self.code))

    @cached_property
    def is_detector(self) -> bool:
        """Whether the file speaks of a detector with a postprocess: SSD, EfficientDet, the Object Detection API."""
        if _DETECTOR.search(self.code) or _DETECTOR.search(self.source.prose):
            return True
        return bool(_DETECTIONS.search(self.code)) and not _RAW_HEADS.search(self.code)

    @cached_property
    def is_trained_quantized(self) -> bool:
        """Whether the file speaks of quantization-aware training, which needs no calibration."""
        return bool(_TRAINED_QUANTIZED.search(self.code)) or (
            _TRAINING_FUNCTION in self.code and bool(_TRAINING_LIBRARY.search(self.code))
        )

    @cached_property
    def has_dense(self) -> bool:
        """Whether the file builds dense layers."""
        return bool(_DENSE.search(self.code))

    @cached_property
    def tensorflow(self) -> tuple[int, int] | None:
        """The version that the file installs or that a notebook printed; None where it tells none, or two."""
        found: set[tuple[int, int]] = set()
        for cell in self.cells:
            for line in cell.lines:
                if line.strip().startswith(_COLAB_VERSION):
                    found.add((1, 15))
                if "tensorflow" in line and "pip" in line and len(line) < LONGEST_LINE:
                    found.update((int(a), int(b)) for a, b in _INSTALLED.findall(line))
            if cell.outputs and any("__version__" in line for line in cell.lines):
                lines = "\n".join(cell.outputs)[:LONGEST_LINE].splitlines()
                found.update(
                    (int(m.group(1)), int(m.group(2))) for line in lines if (m := _PRINTED.match(line))
                )
        return next(iter(found)) if len(found) == 1 else None

    @cached_property
    def lone_statements(self) -> frozenset[Span]:
        """The statements that are all there is in their block: without them it would be empty."""
        found = set()
        for index, cell in enumerate(self.cells):
            for node in ast.walk(cell.tree) if cell.tree is not None else ():
                for field in ("body", "orelse", "finalbody"):
                    block = getattr(node, field, None)
                    if isinstance(block, list) and len(block) == 1 and not isinstance(node, ast.Module):
                        found.add(self.names.span(index, block[0]))
        return frozenset(found)

    @cached_property
    def statement_lines(self) -> dict[tuple[int, int], range]:
        """(index of the cell, line) -> the lines of the simple statement there, where it has several."""
        found: dict[tuple[int, int], range] = {}
        for index, cell in enumerate(self.cells):
            for node in ast.walk(cell.tree) if cell.tree is not None else ():
                end = getattr(node, "end_lineno", None)
                if isinstance(node, ast.stmt) and not hasattr(node, "body") and end and end > node.lineno:
                    lines = range(node.lineno, end + 1)
                    found.update(((index, line), lines) for line in lines)
        return found

    def line_text(self, span: Span) -> str:
        """The first line of a span, stripped."""
        lines = self.cells[span.cell].lines
        return lines[span.line - 1].strip() if span.line <= len(lines) else ""


def read_script(data: bytes, path: str) -> Script:
    """Raises :class:`~tflint_edgetpu.model.errors.ReadError` for what is no script."""
    return Script(read_source(data, path), path)
