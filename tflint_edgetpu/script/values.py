"""What a setting is set to: names and constants, one or several, as far as the script tells."""

from __future__ import annotations

import ast
from collections.abc import Iterator

from .conversion import Item
from .names import Names, Scope, dotted

# The types as TensorFlow 1 calls them. Source: tensorflow/lite/python/lite_constants.py.
_CONSTANTS = {
    "FLOAT": "float32", "FLOAT16": "float16", "INT8": "int8", "INT16": "int16", "QUANTIZED_UINT8": "uint8",
}  # fmt: skip
# Calls and names that are followed into each other.
DEEPEST_CALL = 3
# Looked at in one script; lists of lists of names would take for ever.
MOST_VALUES = 100_000
# Names that say what they are wherever they come from.
_TELLING = frozenset((
    "TFLITE_BUILTINS", "TFLITE_BUILTINS_INT8", "SELECT_TF_OPS", "DEFAULT", "OPTIMIZE_FOR_SIZE", "OPTIMIZE_FOR_LATENCY",
    "EXPERIMENTAL_TFLITE_BUILTINS_ACTIVATIONS_INT16_WEIGHTS_INT8", "uint8", "int8", "int16", "float16", "float32",
))  # fmt: skip


class Values:
    """Reads values in the scopes of one script."""

    def __init__(self, names: Names) -> None:
        self._names = names
        self._looked = 0

    def of(self, value: ast.expr, scope: Scope) -> tuple[tuple[Item, ...] | None, object]:
        """Its elements, and the constant it is."""
        return self.items(value, scope), self._names.constant(value, scope)

    def _may_go_on(self) -> bool:
        self._looked += 1
        return self._looked < MOST_VALUES

    def items(self, node: ast.expr, scope: Scope, depth: int = 0) -> tuple[Item, ...] | None:
        """The elements of a list, set or tuple, or the one name that ``node`` is; None where they are not known."""
        if not self._may_go_on():
            return None
        if isinstance(node, ast.Name) and depth < DEEPEST_CALL:
            owner = scope.owner(node.id)
            values = owner.values[node.id] if owner is not None else []
            if owner is None or len(values) != 1 or values[0] is None:
                return self._named(node, scope) if owner is None and node.id in self._names.aliases else None
            found = self.items(values[0], owner, depth + 1)
            return None if found is None else (*found, *self._added(node.id, owner))
        if isinstance(node, (ast.List, ast.Tuple, ast.Set)):
            found_all: list[Item] = []
            for element in node.elts:
                inner = element.value if isinstance(element, ast.Starred) else element
                found = self.items(inner, scope, depth + 1)
                if found is None:
                    return None
                if depth == 0 and len(found) == 1 and not isinstance(element, ast.Starred):
                    found = (found[0]._replace(span=self._names.span_of(element)),)
                found_all.extend(found)
            return tuple(found_all)
        if isinstance(node, ast.BinOp) and isinstance(node.op, (ast.Add, ast.BitOr)):
            left, right = self.items(node.left, scope, depth + 1), self.items(node.right, scope, depth + 1)
            return None if left is None or right is None else (*left, *right)
        if isinstance(node, ast.Call) and dotted(node.func) in ("list", "set", "tuple", "frozenset"):
            return self.items(node.args[0], scope, depth + 1) if node.args else ()
        if isinstance(node, ast.Attribute):
            return self._named(node, scope)
        if isinstance(node, ast.Constant):
            return () if node.value is None else (Item(str(node.value), "", None),)
        return None

    def _named(self, node: ast.expr, scope: Scope) -> tuple[Item, ...] | None:
        """Names of TensorFlow stand for themselves; ``settings.OPS`` of another module may be anything."""
        path = self._names.canonical(node, scope)
        first, last = path.partition(".")[0], path.rpartition(".")[2]
        if first not in ("tensorflow", "tf") and last not in _TELLING:
            return None
        if ".constants." in path:  # tf.lite.constants.FLOAT16
            last = _CONSTANTS.get(last, last)
        return (Item(last, path, None),)

    def _added(self, name: str, scope: Scope) -> Iterator[Item]:
        """What ``name.append(...)``, ``name.extend(...)`` and ``name += [...]`` add."""
        for value in self._names.list_additions.get(name, ()):
            yield from self.items(value, scope, DEEPEST_CALL) or ()
