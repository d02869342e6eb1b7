"""From a source to the best integer model: candidates, lint, SAFE fixes, lint again, choice, proof.

The converter's success, its log and its metadata prove nothing: every candidate is read again and judged by what
is in it.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import Protocol

from ..edgetpu.support.registry import SupportTable
from ..fix.repair import repair
from ..fix.session import Linted, Outcome
from ..lint.context import Context
from ..lint.finding import Finding, Safety
from ..lint.plugins import Plugins
from ..lint.run import run_rules
from ..model.errors import ReadError
from ..model.reader import read_model
from ..script.converter_output import ConverterMessage, converter_messages
from ..verify.agreement import Thresholds
from ..verify.chain import Stage, run_chain
from ..verify.numeric import CannotVerify
from .attempt import TOLD, Attempt, Failure
from .before import Before, judge_before
from .calibration.request import CalibrationRequest
from .choice import Candidate, best_of, why_best
from .conversion import (
    Conversion,
    NothingConverted,
    float_operators,
    input_conversion_on_cpu,
    output_names,
)
from .errors import CannotConvert
from .interface import check_types, with_types
from .islands import Closed, close_islands
from .ladder import Ground, Step, first_step, next_step, why_flex_is_refused
from .mark import embed, mark
from .process import Converter, Described
from .recipe import AS_IN_SOURCE, Recipe, float_reference
from .rounding import Held, Repaired, repair_within_rounding
from .source import Source, source_hash
from .wish import Wish

MOST_STEPS = 8  # each takes seconds to minutes; the ladder has fewer
PROOF_SAMPLES = 4  # random inputs that a SAFE fix has to leave unmoved


class Progress(Protocol):
    """Who wants to know how far it is."""

    def step(self, text: str) -> None:
        """Something new begins."""

    def calibrated(self, samples: int) -> None:
        """So many samples went through the float model."""


def convert_source(
    source: Source,
    request: CalibrationRequest,
    plugins: Plugins,
    wish: Wish | None = None,
    *,
    progress: Progress | None = None,
    make_converter: Callable[..., Converter] = Converter,
) -> Conversion:
    """Convert ``source``; raises CannotConvert (NothingConverted with what was tried), CannotVerify, PluginError."""
    session = _Session(source, request, plugins, wish or Wish(), progress)
    return session.run(make_converter)


class _Session:
    def __init__(
        self,
        source: Source,
        request: CalibrationRequest,
        plugins: Plugins,
        wish: Wish,
        progress: Progress | None,
    ) -> None:
        self._source = source
        self._request = request
        self._plugins = plugins
        self._wish = wish
        self._progress = progress
        self._table = SupportTable(plugins.constraints)
        self._calibrated = 0
        self._candidates: list[Candidate] = []

    def run(self, make_converter: Callable[..., Converter]) -> Conversion:
        start = time.monotonic()
        with make_converter(
            self._source, self._request, shapes=dict(self._wish.shapes), progress=self._on_sample
        ) as converter:
            self._tell("load the source")
            described = converter.load()
            self._tell("read the calibration data")
            samples, held_back = converter.samples()
            base = self._base(described)
            self._tell("convert: float reference")
            reference = self._convert(
                converter, float_reference(base), "what the integer models are held against"
            )
            ground = self._ground(described, reference)
            self._climb(converter, base, ground)
            best = best_of(self._candidates)
            if best is None:
                raise NothingConverted(self._why_nothing(ground), self._candidates)
            if reference.data is None:  # what kept it from converting may be what the best recipe mends
                self._tell("convert: float reference")
                reference = self._convert(converter, float_reference(best.attempt.recipe), reference.why)
            held = Held(reference.data, samples, held_back, self._thresholds())
            untaken = self._repair_within_rounding(held, self._candidates)
            best = best_of(self._candidates) or best
            closed = self._close_islands(converter, best)
            self._candidates += closed.candidates
            untaken += self._repair_within_rounding(held, closed.candidates)
            best = best_of(self._candidates) or best
            assert best.linted is not None
            islands = closed.operators if float_operators(best.linted.model) else ()
            seen = converter.seen()
            document = mark(
                self._source, best.attempt.recipe, self._request, versions=described.versions,
                source_sha256=source_hash(self._source), samples=self._calibrated, ranges=seen.ranges,
            )  # fmt: skip
            assert best.outcome is not None
            data = embed(best.outcome.after, document)
            linted = self._lint(
                data, converter_messages(best.attempt.printed + "\n" + (closed.said if islands else ""))
            )
            self._tell("verify")
            stages = self._verify(data, reference, samples, held_back)
            before = self._judge_before(reference, samples, held_back)
        return Conversion(
            source=self._source,
            request=self._request,
            described=described,
            ground=ground,
            reference=reference,
            candidates=tuple(self._candidates),
            best=best,
            why=why_best(best, self._candidates),
            data=data,
            linted=linted,
            mark=document,
            islands=islands,
            outputs=output_names(linted.model),
            ranges=seen.ranges,
            notes=(*described.notes, *seen.notes, *untaken, *self._range_notes(reference, seen.ranges)),
            stages=tuple(stages),
            seconds=time.monotonic() - start,
            before=before,
            told_shapes=bool(self._wish.shapes),
        )

    def _verify(
        self, data: bytes, reference: Attempt, samples: Path | None, held_back: Path | None
    ) -> tuple[Stage, ...]:
        return run_chain(
            data, reference=reference.data, samples=samples, held_back=held_back, target=self._wish.target,
            table=self._table, multiple_subgraphs=self._wish.multiple_subgraphs, **self._wish.chain,
        )  # fmt: skip

    def _thresholds(self) -> Thresholds:
        given = self._wish.chain.get("thresholds")
        return given if isinstance(given, Thresholds) else Thresholds()

    def _close_islands(self, converter: Converter, best: Candidate) -> Closed:
        if best.attempt.recipe.converter != "tensorflow":
            return Closed()  # there is no other quantizer to ask

        def convert(recipe: Recipe, why: str) -> Candidate:
            self._tell(f"convert: {recipe.step}")
            return self._judge(self._convert(converter, recipe, why))

        return close_islands(best, convert)

    def _repair_within_rounding(self, held: Held, candidates: Sequence[Candidate]) -> list[str]:
        """Add candidates with fixes that move outputs by rounding; sentences on those that were not taken."""
        if self._wish.safe_fixes_only:
            return []
        notes = []
        for candidate in tuple(candidates):
            if candidate.outcome is not None:
                self._tell(f"repair within rounding: {candidate.name}")
                try:
                    found = repair_within_rounding(candidate, self._repair, held)
                except (ReadError, CannotVerify) as error:
                    found = Repaired(None, f"fixes within rounding could not be tried: {error}")
                if found.candidate is not None:
                    self._candidates.append(found.candidate)
                elif found.note is not None:
                    notes.append(f"{candidate.name}: {found.note}")
        return notes

    def _repair(self, data: bytes, level: Safety) -> Outcome:
        return repair(
            data, self._plugins, level=level, wanted=self._is_wanted, target=self._wish.target,
            consumer=self._wish.consumer, multiple_subgraphs=self._wish.multiple_subgraphs, samples=PROOF_SAMPLES,
        )  # fmt: skip

    @staticmethod
    def _range_notes(reference: Attempt, ranges: Mapping[str, tuple[float, float]]) -> list[str]:
        """Where the data has another range than the model seems to be made for."""
        from .calibration.ranges import model_range_notes
        from .loud_inputs import loud_input_notes

        if reference.data is None:
            return []
        model = read_model(reference.data)
        return [*model_range_notes(ranges, model), *loud_input_notes(ranges, model)]

    def _judge_before(
        self, reference: Attempt, samples: Path | None, held_back: Path | None
    ) -> Before | None:
        if self._wish.replaces is None:
            return None
        return judge_before(
            self._wish.replaces, lambda data: self._lint(data, ()), reference=reference.data, samples=samples,
            held_back=held_back, target=self._wish.target,
        )  # fmt: skip

    def _base(self, described: Described) -> Recipe:
        wish = self._wish
        recipe = Recipe()
        if self._source.kind == "float_tflite":
            recipe = recipe._replace(step="LiteRT's quantizer", converter="litert")
        integers = all("int" in spec.dtype or spec.dtype == "bool" for spec in described.inputs)
        return recipe._replace(
            input_type=AS_IN_SOURCE if integers else wish.input_type or recipe.input_type,
            output_type=wish.output_type or wish.input_type or recipe.output_type,
        )

    def _ground(self, described: Described, reference: Attempt) -> Ground:
        operators: frozenset[str] = frozenset()
        if reference.data is not None:
            try:
                model = read_model(reference.data)
                operators = frozenset(op.label for graph in model.subgraphs for op in graph.operators)
            except ReadError:
                pass
        return Ground(
            self._source.kind,
            described.versions.get("tensorflow", ""),
            operators,
            described.recurrent,
            choose_input=self._wish.input_type is None,
            choose_output=self._wish.output_type is None,
        )

    def _climb(self, converter: Converter, base: Recipe, ground: Ground) -> None:
        step: Step | None = first_step(base, ground)
        while step is not None and len(self._candidates) < MOST_STEPS:
            self._tell(f"convert: {step.recipe.step}")
            self._candidates.append(self._judge(self._convert(converter, step.recipe, step.why)))
            best = best_of(self._candidates)
            step = next_step(
                [candidate.attempt for candidate in self._candidates],
                ground,
                integer_input_leaves_cpu=best is not None and input_conversion_on_cpu(best),
            )

    def _convert(self, converter: Converter, recipe: Recipe, why: str) -> Attempt:
        if self._source.kind == "float_tflite":
            return self._quantize(recipe, why)
        return converter.convert(recipe, why)

    def _quantize(self, recipe: Recipe, why: str) -> Attempt:
        """A float .tflite has no graph that TensorFlow's converter could take: another quantizer does it."""
        data = Path(self._source.path).read_bytes()
        if recipe.is_float:
            return Attempt(recipe, why, data, None, "", 0.0)
        start = time.monotonic()
        failure = None
        result = None
        try:
            from .float_tflite import quantize_float_model

            check_types(recipe.input_type, recipe.output_type)
            made = quantize_float_model(
                data, self._request, lambda done, _: self._on_sample(done),
                target=self._wish.target, table=self._table,
            )  # fmt: skip
            result = with_types(made, recipe.input_type, recipe.output_type)
        except CannotConvert as error:
            failure = Failure(TOLD, str(error))
        return Attempt(recipe, why, result, failure, "", time.monotonic() - start)

    def _judge(self, attempt: Attempt) -> Candidate:
        """Read, lint, repair and lint again what the converter made."""
        if attempt.data is None:
            return Candidate(attempt, None)
        self._tell(f"lint and repair: {attempt.recipe.step}")
        try:
            outcome = self._repair(attempt.data, Safety.SAFE)
        except (ReadError, CannotVerify) as error:
            failure = Failure("unusable", f"the converter was content, but its file is of no use: {error}")
            return Candidate(attempt._replace(data=None, failure=failure), None, str(error))
        return Candidate(attempt, outcome)

    def _is_wanted(self, finding: Finding) -> bool:
        """Whether a fix leaves the types of inputs and outputs that the user asked for."""
        asked = {
            "strip-input": self._wish.input_type == "float32",
            "strip-output": (self._wish.output_type or self._wish.input_type) == "float32",
            "restore-float-detections": self._wish.output_type in ("uint8", "int8"),
        }
        return finding.fix is None or not any(asked.get(edit.kind, False) for edit in finding.fix.edits)

    def _lint(self, data: bytes, messages: Sequence[ConverterMessage]) -> Linted:
        model = read_model(data)
        context = Context(
            model, target=self._wish.target, consumer=self._wish.consumer,
            multiple_subgraphs=self._wish.multiple_subgraphs, table=self._table, converter=messages,
        )  # fmt: skip
        findings, failures = run_rules(context, self._plugins.rules.values())
        if failures:
            raise failures[0]
        return Linted(model, tuple(findings), context.placement)

    def _why_nothing(self, ground: Ground) -> str:
        told = [candidate.attempt.failure for candidate in self._candidates]
        failure = next((f for f in told if f is not None), Failure("other", "nothing was tried"))
        text = f"no step gave an integer model: {failure.text}"
        if failure.kind == "flex" and not ground.flex_works:
            text += f". {why_flex_is_refused(ground)}"
        return text

    def _on_sample(self, number: int) -> None:
        self._calibrated = max(self._calibrated, number)
        if self._progress is not None:
            self._progress.calibrated(number)

    def _tell(self, text: str) -> None:
        if self._progress is not None:
            self._progress.step(text)
