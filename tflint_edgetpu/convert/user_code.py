"""Code of the user's, named ``module:name`` or ``file.py:name``. Loading it runs it: only where that was allowed."""

from __future__ import annotations

import sys
from importlib import import_module
from importlib.util import module_from_spec, spec_from_file_location
from pathlib import Path
from typing import Any


def load_named(path: str) -> Any:
    """The object that ``path`` names; raises what the module raises, SystemExit too.

    Modules beside it are found first, as where Python runs the file itself.
    """
    module, _, name = path.rpartition(":")
    value = _of_file(Path(module)) if module.endswith(".py") else _of_package(module)
    for part in name.split("."):
        value = getattr(value, part)
    return value


def _of_package(name: str) -> Any:
    _look_first_in(Path.cwd())
    return import_module(name)


def _of_file(path: Path) -> Any:
    if not path.is_file():
        raise FileNotFoundError("there is no such file")
    _look_first_in(path.resolve().parent)
    spec = spec_from_file_location(f"user_code_{path.stem}", path)
    assert spec is not None and spec.loader is not None, "its name ends in .py"
    module = module_from_spec(spec)
    sys.modules[spec.name] = module
    spec.loader.exec_module(module)
    return module


def _look_first_in(folder: Path) -> None:
    if str(folder) not in sys.path:
        sys.path.insert(0, str(folder))
