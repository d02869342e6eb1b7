"""Compiler and runtime versions, and every number of the hardware, each with its source."""

from __future__ import annotations

from typing import NamedTuple


class Target(NamedTuple):
    """What a model is judged for: one release of ``edgetpu_compiler`` and the runtime on the device."""

    compiler: tuple[int, int]  # (16, 0)
    runtime: int  # the highest runtime version a package may ask for

    @property
    def name(self) -> str:
        return f"{self.compiler[0]}.{self.compiler[1]}"


# Releases of edgetpu_compiler -> default runtime of their packages. Source: libcoral CHANGES.md and
# google-coral/edgetpu issues 439 and 464. 16.0 of July 2021 is the last one.
COMPILERS: dict[str, Target] = {
    "2.1": Target((2, 1), 13),
    "14.1": Target((14, 1), 13),
    "15.0": Target((15, 0), 13),
    "16.0": Target((16, 0), 14),
}
DEFAULT_TARGET = COMPILERS["16.0"]

# On-chip memory for parameters and code. Source: coral.ai/docs/edgetpu/compiler ("roughly 8 MB of SRAM").
SRAM_BYTES = 8 * 2**20

# Runtime from which a package may have int8 tensors. Source: libedgetpu api/runtime_version.h,
# kWithInt8HostDataTypeSupport = 12; compiling with -m 11 or lower maps no int8 operator (issues 225, 439).
INT8_RUNTIME = 12
