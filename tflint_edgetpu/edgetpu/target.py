"""Compiler and runtime versions, and every number of the hardware, each with its source."""

from __future__ import annotations

from ..model.record import NamedTuple


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

# What of it is left for parameters: used + remaining was 5.8 to 8.05 MiB in 40 public logs, 6.7 to 7.2 in
# most of those that had to stream. It shrinks with the code and, by all signs, with activations kept there.
PARAMETER_BYTES = 7 * 2**20

# Runtime from which a package may have int8 tensors. Source: libedgetpu api/runtime_version.h,
# kWithInt8HostDataTypeSupport = 12; compiling with -m 11 or lower maps no int8 operator (issues 225, 439).
INT8_RUNTIME = 12

# The chip ("Beagle"): a grid of tiles, each with a memory of its own for activations. Source: libedgetpu,
# driver/config/beagle/beagle_chip_config.h (number_x_tiles, number_y_tiles, narrow_memory_capacity); the
# layouts of outputs in 14 compiled files show the same grid.
TILE_ROWS = 4
TILE_COLUMNS = 4
TILES = TILE_ROWS * TILE_COLUMNS
TILE_ACTIVATION_BYTES = 196_608

# Channels of an activation are stored in words of four. Source: layouts of outputs in compiled files, for
# example 33 x 33 x 17 values in rows of 20 bytes a pixel.
WORD = 4
