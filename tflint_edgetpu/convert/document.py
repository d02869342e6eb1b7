"""The files beside the model: the recipe as JSON with versions and hashes, and as a script."""

from __future__ import annotations

import hashlib
from typing import Any

from .child.keras_file import RENAMED
from .conversion import Conversion
from .script import recipe_script


def script_of(conversion: Conversion, out: str) -> str:
    """The script that makes the model again, without the fixes."""
    source = conversion.source
    if source.kind == "saved_model":  # the only one may have another name than the default
        source = source._replace(signature=conversion.described.signature)
    return recipe_script(
        source,
        conversion.recipe,
        conversion.request,
        out=out,
        shapes={spec.name: spec.shape for spec in conversion.described.inputs}
        if conversion.told_shapes
        else None,
        tensorflow=conversion.described.versions.get("tensorflow", ""),
        is_detector=conversion.ground.is_detector,
        old_keras=any("tf-keras" in note for note in conversion.described.notes),
        rename_inputs=any(note.startswith(RENAMED) for note in conversion.described.notes),
        unsafe_fixes=bool(conversion.best.repaired),
    )


def document(conversion: Conversion) -> dict[str, Any]:
    """All that is needed to make the model again, and to know that it is this one."""
    best = conversion.best
    assert best.outcome is not None
    return {
        **conversion.mark,
        "source": {
            **conversion.mark["source"],
            "path": conversion.source.path,
            "tags": list(conversion.source.tags),
        },
        "calibration": {**conversion.mark["calibration"], "source": conversion.request.source},
        "reasons": [setting._asdict() for setting in conversion.settings],
        "fixes": [
            {"code": attempt.code, "title": attempt.title, "safety": attempt.safety.word}
            for attempt in best.outcome.applied
        ],
        "model_sha256": hashlib.sha256(conversion.data).hexdigest(),
        "converted_sha256": hashlib.sha256(best.outcome.before).hexdigest(),
    }
