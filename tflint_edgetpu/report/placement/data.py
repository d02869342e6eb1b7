"""A placement as plain data: the ``placement`` of the JSON report."""

from __future__ import annotations

from typing import Any

from ...edgetpu.placement import Placement


def placement_data(placement: Placement) -> dict[str, Any]:
    """Always our prediction; what a log or a compiled file says stands in ``observed``."""
    return {
        "operators": [
            {
                "ref": placed.operator.ref,
                "op": placed.operator.label,
                "version": placed.operator.version,
                "outputs": [tensor.name for tensor in placed.operator.outputs],
                "on": placed.on,
                "status": placed.status,
                "reason": placed.reason,
                "certainty": placed.certainty,
                "macs": placed.macs,
                "role": placed.role,
            }
            for placed in placement.operators
        ],
        "edgetpu": placement.edgetpu,
        "cpu": placement.cpu,
        "macs": placement.macs,
        "macs_edgetpu": placement.macs_edgetpu,
        "multiple_subgraphs": placement.multiple_subgraphs,
        "compiles": placement.compiles._asdict(),
        "memory": placement.memory._asdict(),
    }
