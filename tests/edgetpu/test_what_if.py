"""What-if answers against trying every subset, on random graphs; and the cost of asking."""

from __future__ import annotations

import time
from itertools import chain, combinations, pairwise

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tflint_edgetpu.edgetpu.placement import Placement
from tflint_edgetpu.edgetpu.support.constraint import Status
from tflint_edgetpu.edgetpu.support.registry import Verdict
from tflint_edgetpu.edgetpu.what_if import WhatIf
from tflint_edgetpu.model.dataflow import Dataflow
from tflint_edgetpu.model.graph import Operator, Subgraph, Tensor

FINE = Verdict(True, Status.MAPPED, None, "measured", None)
REFUSED = Verdict(False, Status.NOT_SUPPORTED, "no", "documented", None)
DECODER = "TFLite_Detection_PostProcess"
# kind of node -> operator kind, whether refused: BATCH_MATMUL has arithmetic, a decoder starts the CPU tail
NODES = {"fine": ("ADD", False), "refused": ("DIV", True), "arithmetic": ("BATCH_MATMUL", True),
         "decoder": ("CUSTOM", True)}  # fmt: skip


def build(nodes: list[tuple[str, list[int]]]) -> tuple[Placement, Dataflow]:
    """``nodes[i]`` is a kind of :data:`NODES` and the earlier nodes it reads; none: the model's input. A
    number behind the kind makes operators of different kinds.
    """
    entry = _tensor(0)
    tensors = [entry]
    operators = []
    for index, (node, reads) in enumerate(nodes):
        output = _tensor(index + 1)
        tensors.append(output)
        inputs = tuple(tensors[read + 1] for read in reads) or (entry,)
        inputs = inputs if len(inputs) > 1 else inputs * 2
        node, _, variant = node.partition(" ")
        kind = NODES[node][0] + variant
        code = DECODER if node == "decoder" else None
        operators.append(Operator(0, index, kind, 0, code, 1, 0, inputs, (output,), (), None, None, 0))
    graph = Subgraph(0, "", tuple(tensors), tuple(operators), (entry,), (tensors[-1],))
    dataflow = Dataflow(graph)
    verdicts = {
        operator: REFUSED if NODES[node.partition(" ")[0]][1] else FINE
        for operator, (node, _) in zip(operators, nodes, strict=True)
    }
    return Placement(dataflow, verdicts, multiple_subgraphs=False), dataflow


def _tensor(index: int) -> Tensor:
    return Tensor(0, index, f"t{index}", (2, 2), None, "INT8", 0, None, False, False, True, 0)


@st.composite
def graphs(draw: st.DrawFn, largest: int = 12) -> list[tuple[str, list[int]]]:
    count = draw(st.integers(1, largest))
    kinds = st.sampled_from(("fine", "fine", "fine", "refused", "refused", "arithmetic", "decoder"))
    return [
        (draw(kinds), draw(st.lists(st.integers(0, index - 1), max_size=2, unique=True)) if index else [])
        for index in range(count)
    ]


@given(graphs())
@settings(max_examples=300, deadline=None)
def test_the_smallest_repair_is_the_smallest(nodes: list[tuple[str, list[int]]]) -> None:
    placement, dataflow = build(nodes)
    mendable = [
        placed.operator
        for placed in placement.breakers
        if placed.operator not in placement.leading and placed.operator not in placement.tail
    ]
    wanted = {
        placed.operator
        for placed in placement.operators
        if placed.operator not in placement.tail
        and (placed.role != "breaker" or (placed.macs and placed.operator not in placement.leading))
    }
    subsets = chain.from_iterable(combinations(mendable, size) for size in range(len(mendable) + 1))
    by_trial = next(set(subset) for subset in subsets if wanted <= placement.mapped_if(repaired=subset))
    repair = WhatIf(placement, dataflow).smallest
    assert set(repair.operators) == by_trial
    assert repair.mapped == len(placement.mapped_if(repaired=by_trial))


@given(graphs(), st.data())
@settings(max_examples=300, deadline=None)
def test_growing_equals_partitioning_anew(nodes: list[tuple[str, list[int]]], data: st.DataObject) -> None:
    placement, _ = build(nodes)
    mapped = {placed.operator for placed in placement.operators if placed.on == "edgetpu"}
    choice = [placed.operator for placed in placement.breakers if placed.operator not in placement.leading]
    repaired = set(data.draw(st.lists(st.sampled_from(choice))) if choice else [])
    assert mapped.union(placement.grown(mapped, repaired)) == placement.mapped_if(repaired=repaired)


@given(graphs())
@settings(max_examples=500, deadline=None)
def test_a_plan_gains_and_ends_as_the_smallest_repair_does(nodes: list[tuple[str, list[int]]]) -> None:
    what_if = WhatIf(*build(nodes))
    steps = (what_if.now, *what_if.plan)
    assert all(one.mapped <= two.mapped and one.share <= two.share for one, two in pairwise(steps))
    if len(what_if.plan) == len(what_if.causes):
        assert steps[-1].mapped == what_if.smallest.mapped
    members = [operator for broken in what_if.breaks for operator in broken.operators]
    assert sorted(members, key=lambda operator: operator.index) == list(what_if.smallest.operators)


def test_a_break_is_one_however_many_operators_it_has() -> None:
    nodes = [("fine", []), ("refused", [0]), ("refused", [1]), ("fine", [2]), ("refused", [3])]
    what_if = WhatIf(*build(nodes))
    (broken,) = what_if.breaks
    assert [operator.index for operator in broken.operators] == [1, 2]  # the last one is an end, not a break
    assert (what_if.now.mapped, what_if.mended([broken]).mapped) == (1, 4)


def test_breaks_in_a_row_gain_nothing_alone() -> None:
    nodes = [("fine", []), ("refused", [0]), ("fine", [1]), ("refused", [2]), ("fine", [3])]
    what_if = WhatIf(*build(nodes))
    first, second = what_if.breaks
    assert [what_if.mended(part).mapped for part in ([first], [second], [first, second])] == [3, 1, 5]
    assert what_if.causes == ((first, second),)
    assert [repair.mapped for repair in what_if.plan] == [5]


def test_a_plan_remembers_what_it_mended() -> None:
    # refused, arithmetic, refused in a row: the second refused one is reached only after the arithmetic.
    nodes = [("fine", []), ("refused", [0]), ("fine", [1]), ("arithmetic", [2]), ("fine", [3]),
             ("refused", [4]), ("fine", [5])]  # fmt: skip
    what_if = WhatIf(*build(nodes))
    assert len(what_if.causes) == 2
    assert [repair.mapped for repair in what_if.plan] == [3, 7]
    assert what_if.smallest.mapped == 7


def test_what_follows_a_decoder_is_no_break() -> None:
    what_if = WhatIf(*build([("fine", []), ("decoder", [0]), ("refused", [1]), ("fine", [2])]))
    assert what_if.breaks == ()
    assert what_if.smallest.operators == ()


def test_the_leading_cpu_part_is_no_break() -> None:
    what_if = WhatIf(*build([("refused", []), ("fine", [0])]))
    assert what_if.breaks == ()
    # The same float entry cuts off everything behind it once another operator stands first in the file.
    late = WhatIf(*build([("fine", []), ("refused", []), ("fine", [1]), ("fine", [2])]))
    assert [operator.index for operator in late.smallest.operators] == [1]
    assert (late.now.mapped, late.smallest.mapped) == (1, 4)


@pytest.mark.parametrize("causes", [1, 3000], ids=["one cause", "as many causes"])
def test_thousands_of_breaks_cost_a_few_walks(causes: int) -> None:
    def seconds(blocks: int) -> float:
        nodes: list[tuple[str, list[int]]] = []
        for _ in range(blocks):
            last = [len(nodes) - 1] if nodes else []
            refused = f"refused {len(nodes) % causes}"
            nodes += [("fine", last), (refused, [len(nodes)]), ("fine", [len(nodes) + 1])]
        started = time.perf_counter()
        what_if = WhatIf(*build(nodes))
        assert len(what_if.breaks) == blocks
        assert what_if.smallest.mapped == 3 * blocks
        assert what_if.plan
        return time.perf_counter() - started

    small, large = min(seconds(300) for _ in range(3)), min(seconds(3000) for _ in range(3))
    assert large < 40 * small, f"{large / small:.0f} times the time for 10 times the operators"
