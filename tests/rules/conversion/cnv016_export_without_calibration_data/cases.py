"""Cases of CNV016 export-without-calibration-data."""

from tflint_edgetpu.testing.builder import ModelBuilder
from tflint_edgetpu.testing.cases import failing, passing


@failing(
    severity="warning",
    script="""from ultralytics import YOLO

YOLO("best.pt").export(format="edgetpu", imgsz=320)
""",
)
def yolo_in_python(m: ModelBuilder) -> None:
    """A script, no model."""


@failing(
    severity="warning",
    script="""import subprocess

subprocess.run(["onnx2tf", "-i", "model.onnx", "-oiqt"], check=True)
""",
)
def onnx2tf(m: ModelBuilder) -> None:
    """A script, no model."""


@passing(
    script="""from ultralytics import YOLO

YOLO("best.pt").export(format="tflite", int8=True, data="my.yaml")
""",
)
def with_data(m: ModelBuilder) -> None:
    """A script, no model."""


@passing(
    script="""import os

os.system("onnx2tf -i model.onnx -oiqt -cind images data.npy [[[[0,0,0]]]] [[[[1,1,1]]]]")
""",
)
def onnx2tf_with_data(m: ModelBuilder) -> None:
    """A script, no model."""


@failing(
    severity="warning",
    script="""
import os
import shlex
import subprocess

def export(file):
    command = "onnx2tf -i {} -oiqt".format(file)
    subprocess.run(shlex.split(command), check=True)
""",
)
def a_command_with_a_format(m: ModelBuilder) -> None:
    """As Ultralytics runs its tools."""


@failing(
    severity="warning",
    script="""
# -*- coding: utf-8 -*-
!pip install ultralytics
%cd /content
from ultralytics import YOLO

if True:
    !ls
model = YOLO("best.pt")
model.export(format="edgetpu", imgsz=320)
""",
)
def a_notebook_saved_as_a_script(m: ModelBuilder) -> None:
    """As Colab saves it."""
