"""List the plugins that are loaded: where each comes from and what it adds."""

from __future__ import annotations

import json
import sys
from argparse import ArgumentParser, Namespace

from ..lint.entry_points import EntryPoint
from ..lint.plugins import Plugins


def add_arguments(parser: ArgumentParser) -> None:
    """Declare the options of the command."""
    parser.add_argument("--format", choices=("full", "json"), default="full", help="(default: full)")


def run(arguments: Namespace) -> int:
    """Print one line a plugin."""
    plugins = Plugins()
    rows = [_data(entry, plugins) for entry in plugins.entry_points]
    if arguments.format == "json":
        print(json.dumps(rows, indent=2))
        return 0
    width = max((len(str(row["name"])) for row in rows), default=0)
    for row in rows:
        codes = row["rules"]
        assert isinstance(codes, list)
        rules = (
            f"{codes[0]} to {codes[-1]}, {len(codes)} rules"
            if len(codes) > 1
            else ", ".join(codes) or "no rules"
        )
        print(f"{row['name']:<{width}}  {row['distribution']} {row['version']}  {rules}  {row['file']}")
    return 0


def _data(entry: EntryPoint, plugins: Plugins) -> dict[str, object]:
    module = sys.modules.get(entry.module.partition(":")[0])
    return {
        "name": entry.name,
        "distribution": entry.distribution,
        "version": entry.version,
        "file": getattr(module, "__file__", None),
        "rules": [code for code, (plugin, _) in plugins.rules.items() if plugin == entry.identity],
    }
