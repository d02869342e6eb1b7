"""IOB004 repeated-conversion."""

from __future__ import annotations

from collections.abc import Iterator

from tflint_edgetpu.api import (
    Certainty,
    Context,
    Finding,
    Fix,
    Operator,
    Rule,
    RuleMeta,
    Severity,
    Tensor,
    quoted,
)

LONGEST_CHAIN = 8  # a damaged file may go round in circles


class RepeatedConversion(Rule):
    """Several conversions at the boundary of the model where one would do.

    ## Why it matters
    Each QUANTIZE that changes the scale rounds once more. One that reads float runs on the CPU, and so does
    everything behind a float output. A single QUANTIZE between uint8 and int8 is normal and exact; this
    rule does not mean it.

    ## How to fix
    Convert again with the wanted type set once: `converter.inference_input_type`. Where the last operators
    of the model compute in float, leave `converter.inference_output_type` unset.

    ## References
    - https://www.tensorflow.org/lite/performance/post_training_integer_quant
    """

    meta = RuleMeta(
        "IOB004", "repeated-conversion", Severity.WARNING, Certainty.MEASURED,
        references=("https://www.tensorflow.org/lite/performance/post_training_integer_quant",),
    )  # fmt: skip

    def check_model(self, context: Context) -> Iterator[Finding]:
        for tensor in context.model.main.inputs:
            readers = [r for r in context.dataflow.consumers(tensor) if r.kind == "QUANTIZE" and r.outputs]
            yield from self._twins(tensor, readers)
            for first in readers:
                chain = _forward(context, first)
                if sum(not _is_exact(operator) for operator in chain) > 1:
                    yield self._chain(tensor, "input", chain)
        detections = {output.tensor for output in context.detection.outputs} if context.detection else set()
        for tensor in context.model.main.outputs:
            chain = _backward(context, tensor)
            rounds = sum(not _is_exact(operator) for operator in chain)
            # Behind a float operator even an exact second step is one too many: float32 is what was meant.
            if len(chain) > 1 and tensor not in detections and (rounds > 1 or _reads_float(chain[0])):
                yield self._chain(tensor, "output", chain)

    def _twins(self, tensor: Tensor, readers: list[Operator]) -> Iterator[Finding]:
        """QUANTIZEs of the input that all give the same tensor."""
        alike: dict[object, list[Operator]] = {}
        for reader in readers:
            made = reader.outputs[0]
            if made.quantization is not None:
                key = made.dtype, made.quantization.scales, made.quantization.zero_points
                alike.setdefault(key, []).append(reader)
        for twins in alike.values():
            if len(twins) == 1:
                continue
            on_cpu = _reads_float(twins[0])
            yield self.finding(
                twins,
                f"input {quoted(tensor)} is quantized {len(twins)} times to the same "
                f"{twins[0].outputs[0].dtype.lower()} tensor",
                severity=Severity.WARNING if on_cpu else Severity.INFO,
                cost=f"{len(twins) - 1} QUANTIZE too many for each inference"
                + (", on the CPU" if on_cpu else ""),
                evidence={"quantizes": len(twins)},
                fix=Fix(
                    "Quantize the input once",
                    how="converter.inference_input_type = tf.uint8   # then convert again",
                ),
            )

    def _chain(self, tensor: Tensor, side: str, chain: list[Operator]) -> Finding:
        source = chain[0].input(0)
        tensors = ([source] if source is not None else []) + [operator.outputs[0] for operator in chain]
        rounds = sum(not _is_exact(operator) for operator in chain)
        words = "once" if rounds == 1 else f"{rounds} times"
        return self.finding(
            chain,
            f"{side} {quoted(tensor)} goes through {len(chain)} QUANTIZEs: "
            + ", ".join(t.dtype.lower() for t in tensors),
            cost=f"its values are rounded {words}"
            + ("; a QUANTIZE that reads float32 runs on the CPU" if _reads_float(chain[0]) else ""),
            evidence={"dtypes": [t.dtype for t in tensors], "roundings": rounds},
            fix=Fix(
                "Set the type of the input once"
                if side == "input"
                else "Leave the output type unset where the model ends in float",
                how="converter.inference_input_type = tf.uint8   # or tf.int8, and no second tool on top"
                if side == "input"
                else "# no converter.inference_output_type: the output stays float32",
            ),
        )


def _forward(context: Context, first: Operator) -> list[Operator]:
    """``first`` and the QUANTIZEs behind it, each the only reader of the one before."""
    chain = [first]
    while len(chain) < LONGEST_CHAIN:
        tensor = chain[-1].outputs[0]
        behind = context.dataflow.consumers(tensor)
        if (
            len(behind) != 1
            or behind[0].kind != "QUANTIZE"
            or not behind[0].outputs
            or context.dataflow.is_output(tensor)
        ):
            break
        chain.append(behind[0])
    return chain


def _backward(context: Context, tensor: Tensor) -> list[Operator]:
    """The QUANTIZEs that end in ``tensor``, in the order in which they run."""
    chain: list[Operator] = []
    at: Tensor | None = tensor
    while at is not None and len(chain) < LONGEST_CHAIN:
        producer = context.dataflow.producer(at)
        if producer is None or producer.kind != "QUANTIZE":
            break
        chain.append(producer)
        at = producer.input(0)
        if at is None or len(context.dataflow.consumers(at)) > 1:
            break
    return chain[::-1]


def _reads_float(operator: Operator) -> bool:
    source = operator.input(0)
    return source is not None and source.dtype.startswith("FLOAT")


def _is_exact(operator: Operator) -> bool:
    """Whether the QUANTIZE only moves between int8 and uint8: same scale, zero point moved by 128."""
    source, made = operator.input(0), operator.outputs[0]
    if source is None or source.quantization is None or made.quantization is None:
        return False
    moved = {("UINT8", "INT8"): -128, ("INT8", "UINT8"): 128}.get((source.dtype, made.dtype), 0)
    before, after = source.quantization, made.quantization
    return before.scales == after.scales and after.zero_points == tuple(p + moved for p in before.zero_points)
