"""Cases of CNV015 export-without-quantization."""

from tflint_edgetpu.testing.builder import ModelBuilder
from tflint_edgetpu.testing.cases import failing, passing
from tflint_edgetpu.testing.notebooks import notebook


@failing(
    severity="error",
    script="""from ultralytics import YOLO

YOLO("best.pt").export(format="tflite")  # for the Edge TPU
""",
)
def float_yolo(m: ModelBuilder) -> None:
    """A script, no model."""


@failing(
    severity="warning",
    script="""import os

os.system(
    "tflite_convert --graph_def_file=g.pb --inference_type=QUANTIZED_UINT8 "
    "--default_ranges_min=0 --default_ranges_max=6"
)
""",
)
def made_up_ranges(m: ModelBuilder) -> None:
    """A script, no model."""


@failing(
    severity="error",
    path="x.ipynb",
    script=notebook("!onnx2tf -i model.onnx -o out \\\n  -b 1", "!edgetpu_compiler out/model.tflite"),
)
def onnx2tf_in_a_shell(m: ModelBuilder) -> None:
    """A script, no model."""


@passing(
    script="""from ultralytics import YOLO

YOLO("best.pt").export(format="edgetpu", data="my.yaml")
""",
)
def integers(m: ModelBuilder) -> None:
    """A script, no model."""


@passing(
    script="""from ultralytics import YOLO

YOLO("best.pt").export(format="tflite")
""",
)
def not_for_the_edge_tpu(m: ModelBuilder) -> None:
    """A script, no model."""


@failing(
    severity="error",
    script="""
import subprocess

def export(file):
    out = str(file).replace(".onnx", "_saved_model")
    cmd = f"onnx2tf -i {file} -o {out} -osd"
    subprocess.check_output(cmd.split())
    subprocess.run(f"edgetpu_compiler {out}", shell=True)
""",
)
def a_command_that_is_split(m: ModelBuilder) -> None:
    """As Ultralytics runs its tools."""
