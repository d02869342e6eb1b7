"""Which layer loses the most: a layer with one wild channel, through TensorFlow's quantization debugger."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from tflint_edgetpu.convert import debug_layers, tools
from tflint_edgetpu.convert.calibration import CalibrationRequest
from tflint_edgetpu.convert.debug_layers import LayerLoss, layer_losses
from tflint_edgetpu.convert.errors import CannotConvert
from tflint_edgetpu.convert.recipe import Recipe
from tflint_edgetpu.convert.source import Source
from tflint_edgetpu.testing.builder import ModelBuilder

FIXTURES = Path(__file__).parents[2] / "fixtures"
RANDOM = np.random.default_rng(9)


@pytest.fixture
def tensorflow() -> None:
    pytest.importorskip("tensorflow", reason="TensorFlow is not installed")


def net(path: Path) -> Path:
    """Three convolutions; one channel of the second is a thousand times as large as the others."""
    m = ModelBuilder("FLOAT32")
    x = m.input((1, 8, 8, 3), name="x", scale=None)
    for number, channels in enumerate((8, 8, 4)):
        name = f"layer{number}"
        depth = m.shape(x)[-1]
        weights = RANDOM.normal(0, 0.3, (channels, 3, 3, depth)).astype(np.float32)
        if number == 1:
            weights[0] *= 1000
        if number == 2:
            weights[..., 0] = 0  # nothing of the wild channel comes out
        w = m.tensor(weights.shape, "FLOAT32", data=weights, scale=None)
        y = m.tensor((1, 8, 8, channels), "FLOAT32", scale=None, name=name)
        x = m.op("CONV_2D", [x, w, m.bias(channels)], [y], options="Conv2DOptions", stride_w=1, stride_h=1,
                 dilation_w_factor=1, dilation_h_factor=1)  # fmt: skip
    m.output(x)
    path.write_bytes(m.build())
    return path


def losses_of(source: Source, folder: Path) -> list[LayerLoss]:
    np.save(folder / "a.npy", RANDOM.uniform(-1, 1, (24, 8, 8, 3)).astype(np.float32))
    request = CalibrationRequest("arrays", str(folder / "a.npy"))
    told: list[tuple[int, int]] = []
    losses = layer_losses(source, Recipe(), request, progress=lambda done, of: told.append((done, of)))
    assert told and all(loss.scale > 0 for loss in losses)
    assert [loss.lost for loss in losses] == sorted((loss.lost for loss in losses), reverse=True)
    return losses


@pytest.mark.slow
def test_every_layer_of_a_float_file_is_compared(tensorflow: None, tmp_path: Path) -> None:
    losses = losses_of(Source("float_tflite", str(net(tmp_path / "net.tflite"))), tmp_path)
    by_name = {loss.tensor: loss for loss in losses}
    assert set(by_name) == {"layer0", "layer1", "layer2"}
    assert {loss.operator for loss in losses} == {"CONV_2D"}
    worst = losses[0]
    assert worst.tensor == "layer1" and worst.drowned == 7 and worst.channels == 8 and worst.lost > 0.8
    assert worst.error < 0.05 * worst.spread, "over all channels together it looks well"
    assert by_name["layer0"].lost < 0.05 and by_name["layer0"].drowned == 0
    assert 0.2 < by_name["layer0"].steps < 0.5 and by_name["layer0"].clipped < 0.01


@pytest.mark.slow
def test_the_layer_that_loses_the_most_comes_first(tensorflow: None, tmp_path: Path) -> None:
    import tensorflow as tf

    weights = RANDOM.normal(0, 0.3, (3, 3, 3, 4)).astype(np.float32)

    class Net(tf.Module):  # type: ignore[misc]
        @tf.function(input_signature=[tf.TensorSpec((1, 8, 8, 3), tf.float32, name="x")])  # type: ignore[untyped-decorator]
        def __call__(self, x):  # type: ignore[no-untyped-def]
            y = tf.nn.conv2d(x, weights, 1, "SAME")
            # One of 256 values of a SOFTMAX is about 1/256, which is its step.
            return {"y": tf.nn.softmax(tf.reshape(y, (1, 256)))}

    tf.saved_model.save(Net(), str(tmp_path / "net"))
    losses = losses_of(Source("saved_model", str(tmp_path / "net")), tmp_path)
    assert losses[0].operator == "SOFTMAX", [loss.text for loss in losses]
    assert losses[0].lost > 5 * losses[1].lost
    assert "of 256 channels drown" in losses[0].text


def test_the_text_names_layer_and_error() -> None:
    loss = LayerLoss("CONV_2D", "block/conv;block/relu", 0.02, 0.5, 0.01, 0.4, 0.05, 0.125, 8, 1)
    assert loss.steps == pytest.approx(2)
    assert loss.text == (
        "CONV_2D 'block/conv' loses 12.5% of what its channels carry; 2.00 steps, rounding alone is 0.29; "
        "1 of 8 channels drown in the error; 5.0% of its values lie beyond the calibrated range"
    )
    plain = loss._replace(scale=0.0, drowned=0, clipped=0.0)
    assert plain.steps == 0 and "drown" not in plain.text and "range" not in plain.text


def test_without_tensorflow_the_line_says_how_to_get_it(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(tools, "find_spec", lambda name: None)
    with pytest.raises(CannotConvert, match=r"pip install 'tflint-edgetpu\[convert\]'"):
        layer_losses(Source("saved_model", "net"), Recipe(), CalibrationRequest("random", ""))


def test_a_crash_of_the_calibrator_is_one_line(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    child = tmp_path / "crash.py"
    child.write_text(
        'import os, signal, sys\nsys.stdin.read()\nprint(\'{"stage": "calibrate and quantize"}\', flush=True)\n'
        "os.kill(os.getpid(), signal.SIGSEGV)\n"
    )
    monkeypatch.setattr(debug_layers, "CHILD", child)
    monkeypatch.setattr(debug_layers, "require_tensorflow", lambda: None)
    with pytest.raises(CannotConvert, match=r"calibrate and quantize\): .*signal 11"):
        layer_losses(Source("saved_model", "net"), Recipe(), CalibrationRequest("random", ""))
