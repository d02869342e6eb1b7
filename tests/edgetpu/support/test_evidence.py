"""Size limits: zones, boundaries, and that every limit agrees with its own evidence."""

from __future__ import annotations

import pytest

from tflint_edgetpu.edgetpu.support import dense, reduction, relayout
from tflint_edgetpu.edgetpu.support.evidence import Band, Case, is_known
from tflint_edgetpu.edgetpu.target import TILE_ACTIVATION_BYTES
from tflint_edgetpu.edgetpu.tiles import bytes_on_fullest_tile, is_one_row, stored_bytes

BANDS = {
    "transpose": relayout.TRANSPOSE,
    "reshape": relayout.RESHAPE,
    "resize": relayout.RESIZE,
    "row": relayout.ROW,
    "outputs": dense.OUTPUTS,
    "window": reduction.WINDOW,
    "length": reduction.LENGTH,
}


def _width(inputs: tuple[tuple[int, ...], ...], outputs: tuple[tuple[int, ...], ...]) -> int:
    return inputs[0][-1]


def _case(width: int, mapped: bool, family: str) -> Case:
    return Case("RESHAPE", mapped, ((1, width),), ((width,),), family, "made up")


@pytest.mark.parametrize("name", BANDS)
def test_evidence_agrees_with_the_limit(name: str) -> None:
    band = BANDS[name]
    for case in band.cases:
        amount = band.measure(case.inputs, case.outputs)
        zone = band.locate(amount)
        assert zone.refused is not case.mapped, f"{case.text}: {amount:,}"
        assert not zone.is_grey
        if band.boundary == TILE_ACTIVATION_BYTES:
            assert (amount > band.boundary) is not case.mapped, (
                f"{case.text}: the hardware's number does not explain it"
            )


def test_zones() -> None:
    band = Band(_width, "values", (_case(10, True, "a"), _case(1000, False, "b")))
    assert not band.locate(10).refused and not band.locate(10).is_grey
    assert band.locate(1000).refused and not band.locate(1000).is_grey
    below, above = band.locate(99), band.locate(101)
    assert below.is_grey and above.is_grey
    assert (below.refused, above.refused) == (False, True)
    assert above.explain("values", None) == "largest seen mapped 10, smallest seen refused 1,000"


def test_the_hardware_decides_in_the_grey_zone() -> None:
    band = Band(_width, "values", (_case(10, True, "a"), _case(1000, False, "b")), boundary=500)
    assert not band.locate(500).refused
    assert band.locate(501).refused and band.locate(501).is_grey


def test_families_can_be_held_out() -> None:
    cases = (_case(10, True, "a"), _case(40, True, "b"), _case(1000, False, "b"))
    band = Band(_width, "values", cases)
    assert band.locate(30).is_grey is False
    assert band.locate(30, frozenset("b")) == band.locate(30, frozenset(("b",)))
    without = band.locate(5000, frozenset("b"))
    assert without.is_grey and not without.refused, "nothing was seen refused"
    assert is_known(cases, frozenset("b")) and not is_known(cases, frozenset("ab"))


def test_how_tensors_lie_on_the_tiles() -> None:
    # 33 x 33 x 17 and 23 x 31 x 17: layouts of outputs in compiled posenet and bodypix models.
    assert bytes_on_fullest_tile((1, 33, 33, 17)) == 9 * 9 * 20
    assert bytes_on_fullest_tile((1, 23, 31, 17)) == 6 * 8 * 20
    assert stored_bytes((1, 23, 31, 17)) == 23 * 31 * 20
    assert is_one_row((1, 84, 2100)) and is_one_row((7,)) and is_one_row(()) and not is_one_row((2, 84, 2100))
    assert bytes_on_fullest_tile((1, 84, 2100)) == 84 * 2100
