"""How pixels are scaled, wherever a script scales them: ``x / 255`` gives 0..1, ``x / 127.5 - 1`` gives -1..1."""

from __future__ import annotations

import ast
from collections.abc import Callable, Iterator
from typing import Union

from ..model.record import NamedTuple
from .names import Defined, Names, Scope, Span, dotted

# What 'preprocess_input' of keras.applications does, by module. Source: keras/src/applications/imagenet_utils.py.
_PREPROCESSING = {
    "mobilenet": "-1..1", "mobilenet_v2": "-1..1", "inception_v3": "-1..1", "inception_resnet_v2": "-1..1",
    "xception": "-1..1", "nasnet": "-1..1", "resnet_v2": "-1..1",
    "resnet": "BGR minus the ImageNet mean", "resnet50": "BGR minus the ImageNet mean",
    "vgg16": "BGR minus the ImageNet mean", "vgg19": "BGR minus the ImageNet mean",
    "densenet": "ImageNet mean and deviation",
}  # fmt: skip
_RANGES = ((0.0, 1.0, "0..1"), (-1.0, 1.0, "-1..1"), (-0.5, 0.5, "-0.5..0.5"))
# What keeps the numbers as they are.
_PASSING = frozenset((
    "cast", "array", "asarray", "float32", "expand_dims", "convert_to_tensor", "resize", "numpy", "astype",
))  # fmt: skip
_PICTURES = ("imshow", "imsave", "imwrite", "set_data", "fromarray")
_NO_PIXELS = ("mask", "label", "seg", "target", "depth", "box", "score", "output")
DEEPEST = 30

Affine = tuple[float, float, str]  # factor, offset, the name of what is scaled
Known = Callable[[ast.expr], Union[float, None]]


class Normalization(NamedTuple):
    """``range`` that pixels 0..255 end in; ``function``: the one it stands in, None in the module."""

    range: str
    span: Span
    function: Defined | None


def normalizations(names: Names) -> list[Normalization]:
    """All of them, function by function."""
    found: list[Normalization] = []
    for index, cell in enumerate(names.source.cells):
        if cell.tree is not None:
            found.extend(_in_body(cell.tree, names.module, index, None, names))
    for same in names.functions.values():
        for defined in same:
            found.extend(_in_body(defined.node, defined.scope, defined.scope.cell, defined, names))
    return found


def _in_body(
    top: ast.AST, scope: Scope, cell: int, function: Defined | None, names: Names
) -> Iterator[Normalization]:
    held: dict[str, tuple[Affine, ast.AST]] = {}
    loose: list[tuple[Affine, ast.AST]] = []
    for node in _own_nodes(top):
        if isinstance(node, ast.Call):
            kind = _by_call(node, scope, names)
            if kind:
                yield Normalization(kind, names.span(cell, node), function)
    for statement, expression, target in _expressions(top):
        values = {name: affine for name, (affine, _) in held.items()}
        for part in _outermost(expression):
            affine = _affine(part, values, lambda node: _known_number(node, scope, names))
            if affine is None or (affine[0] == 1.0 and affine[1] == 0.0):
                continue
            held.pop(affine[2], None)
            if target:
                held[target] = ((affine[0], affine[1], affine[2]), statement)
            else:
                loose.append((affine, part))
    for affine, node in (*held.values(), *loose):
        kind = _range(affine)
        if kind and not any(word in affine[2].lower() for word in _NO_PIXELS):
            yield Normalization(kind, names.span(cell, node), function)


def _own_nodes(top: ast.AST) -> Iterator[ast.AST]:
    """The nodes of a body without those of the functions in it, in the order in which they stand."""
    stack = list(ast.iter_child_nodes(top))[::-1]
    while stack:
        node = stack.pop()
        if isinstance(node, (ast.FunctionDef, ast.AsyncFunctionDef)):
            continue
        yield node
        if isinstance(node, ast.Call) and dotted(node.func).rpartition(".")[2] in _PICTURES:
            continue
        stack.extend(list(ast.iter_child_nodes(node))[::-1])


def _expressions(top: ast.AST) -> Iterator[tuple[ast.AST, ast.expr, str]]:
    """Statement, its expression, and the name that it is given to; ``x /= 255`` as ``x = x / 255``."""
    for node in _own_nodes(top):
        if isinstance(node, ast.Assign) and len(node.targets) == 1:
            yield node, node.value, dotted(node.targets[0])
        elif isinstance(node, ast.AugAssign) and dotted(node.target):
            yield node, ast.BinOp(node.target, node.op, node.value), dotted(node.target)
        elif isinstance(node, (ast.Return, ast.Expr)) and node.value is not None:
            yield node, node.value, ""
        elif isinstance(node, ast.Lambda):
            yield node, node.body, ""


def _outermost(expression: ast.AST) -> Iterator[ast.expr]:
    """The arithmetic in an expression that is not part of other arithmetic."""
    stack: list[ast.AST] = [expression]
    while stack:
        node = stack.pop()
        if isinstance(node, ast.BinOp):
            yield node
        elif isinstance(node, ast.Call) and dotted(node.func).rpartition(".")[2] in _PICTURES:
            continue
        elif not isinstance(node, ast.Lambda):
            stack.extend(ast.iter_child_nodes(node))


def _affine(node: ast.expr, held: dict[str, Affine], known: Known, depth: int = 0) -> Affine | None:
    """What an expression does to the one name in it that is no number, None where it does something else."""
    if depth > DEEPEST:
        return None
    if isinstance(node, ast.Subscript):  # image[None], load(path)[None]
        return _affine(node.value, held, known, depth + 1)
    if isinstance(node, (ast.Name, ast.Attribute)):
        name = dotted(node)
        return held.get(name, (1.0, 0.0, name))
    if isinstance(node, ast.Call):
        last = node.func.attr if isinstance(node.func, ast.Attribute) else dotted(node.func)
        if last not in _PASSING:
            return 1.0, 0.0, ""
        if last in ("astype", "numpy") and isinstance(node.func, ast.Attribute):
            return _affine(node.func.value, held, known, depth + 1)
        return _affine(node.args[0], held, known, depth + 1) if node.args else None
    if not isinstance(node, ast.BinOp):
        return None
    right, left = known(node.right), known(node.left)
    if right is not None:
        inner = _affine(node.left, held, known, depth + 1)
        return None if inner is None else _combined(inner, node.op, right)
    if left is not None and isinstance(node.op, (ast.Mult, ast.Add)):
        inner = _affine(node.right, held, known, depth + 1)
        return None if inner is None else _combined(inner, node.op, left)
    return None


def _combined(inner: Affine, operator: ast.operator, value: float) -> Affine | None:
    factor, offset, name = inner
    if isinstance(operator, ast.Add):
        return factor, offset + value, name
    if isinstance(operator, ast.Sub):
        return factor, offset - value, name
    if isinstance(operator, ast.Mult):
        return factor * value, offset * value, name
    if isinstance(operator, ast.Div) and value:
        return factor / value, offset / value, name
    return None


def _known_number(node: ast.expr, scope: Scope, names: Names) -> float | None:
    """A number written out, or the name of one: ``input_std``."""
    value, _ = names.value(node, scope)
    return number(value)


def number(node: ast.AST, depth: int = 0) -> float | None:
    """A number written out: ``255.0``, ``1 / 127.5``, ``-1``."""
    if isinstance(node, ast.Constant):
        value = node.value
        if isinstance(value, bool) or not isinstance(value, (int, float)) or abs(value) > 1e9:
            return None
        return float(value)
    if isinstance(node, ast.UnaryOp) and isinstance(node.op, ast.USub):
        inner = number(node.operand, depth + 1)
        return None if inner is None else -inner
    if isinstance(node, ast.BinOp) and isinstance(node.op, ast.Div) and depth < DEEPEST:
        left, right = number(node.left, depth + 1), number(node.right, depth + 1)
        return left / right if left is not None and right else None
    return None


def _range(affine: Affine) -> str | None:
    low, high = affine[1], 255 * affine[0] + affine[1]
    for wanted_low, wanted_high, word in _RANGES:
        # 256 and 128 for 255 and 127.5 are common and mean the same.
        if abs(low - wanted_low) < 0.02 and abs(high - wanted_high) < 0.02:
            return word
    return None


def _by_call(node: ast.Call, scope: Scope, names: Names) -> str | None:
    path = names.canonical(node.func, scope)
    last = path.rpartition(".")[2]
    if last == "preprocess_input":
        return _PREPROCESSING.get(path.rpartition(".")[0].rpartition(".")[2])
    if last == "convert_image_dtype" and len(node.args) > 1 and "float" in dotted(node.args[1]):
        return "0..1"
    given = {word.arg: word.value for word in node.keywords}
    if last == "ImageDataGenerator" and "rescale" in given:
        factor = number(given["rescale"])
        return None if factor is None else _range((factor, 0.0, ""))
    if last == "Rescaling":
        first = given.get("scale") or (node.args[0] if node.args else None)
        second = given.get("offset") or (node.args[1] if len(node.args) > 1 else None)
        factor = number(first) if first is not None else None
        offset = number(second) if second is not None else 0.0
        return None if factor is None or offset is None else _range((factor, offset, ""))
    return None


def reached_from(functions: tuple[Defined, ...], names: Names) -> set[int]:
    """The ids of the function nodes that ``functions`` are or call, by name."""
    reached: set[int] = set()
    waiting = list(functions)
    while waiting:
        defined = waiting.pop()
        if id(defined.node) in reached:
            continue
        reached.add(id(defined.node))
        for node in ast.walk(defined.node):
            if isinstance(node, (ast.Name, ast.Attribute)):
                waiting.extend(names.functions.get(dotted(node).rpartition(".")[2], ()))
    return reached
