"""Node data for Google's Model Explorer: our placement painted on the user's graph.

Format: ``ModelNodeData`` of the package ai-edge-model-explorer (``node_data_builder.py``): graph id ->
results by output tensor name.  Load it with the file's graph under "Upload custom data".
"""

from __future__ import annotations

import json
from typing import Any

from ...edgetpu.placement import Placement

# One number a role, so that the legend sorts from good to bad.
ROLES = {
    "mapped": (0, "#a6dba0", "runs on the Edge TPU"),
    "blocked": (1, "#fee08b", "supported, but behind an operator that is not"),
    "breaker": (2, "#f4a582", "refused by the Edge TPU"),
}


def placement_node_data(placement: Placement, graph_id: str) -> str:
    """``graph_id`` is the name of the subgraph as Model Explorer shows it, ``main`` by default."""
    results: dict[str, Any] = {}
    for placed in placement.operators:
        value, colour, _ = ROLES[placed.role]
        for tensor in placed.operator.outputs:
            results[tensor.name] = {"value": value, "bgColor": colour, "textColor": "#000000"}
    graph = {
        "name": "Edge TPU placement: 0 mapped, 1 blocked, 2 breaker",
        "results": results,
        "thresholds": [{"value": value, "bgColor": colour} for value, colour, _ in ROLES.values()],
    }
    return json.dumps({graph_id: graph}, indent=2)
