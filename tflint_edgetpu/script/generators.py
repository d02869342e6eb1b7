"""What a representative dataset yields: data from outside, random numbers, or constants.

Only what is made of nothing but random numbers (or nothing but constants) is called so.  A random index into real data,
noise on top of it, a buffer of zeros that is filled later: all of that is data.
"""

from __future__ import annotations

import ast
from collections.abc import Iterator, Sequence

from ..model.record import NamedTuple
from .names import Defined, Names, Scope, Span, dotted

# From what says least to what says most: an expression is what the last of its parts is.
NUMBER, CONSTANT, RANDOM, DATA = range(4)
WORDS = {NUMBER: "unknown", CONSTANT: "constant", RANDOM: "random", DATA: "data"}
_RANDOM_CALLS = frozenset((
    "rand", "randn", "random", "random_sample", "ranf", "sample", "randint", "random_integers", "integers",
    "standard_normal", "normal", "uniform", "truncated_normal", "stateless_uniform", "stateless_normal", "bytes",
    "random_uniform", "random_normal", "rand_like", "randn_like", "beta", "exponential", "poisson",
))  # fmt: skip
_CONSTANT_CALLS = frozenset(
    ("ones", "zeros", "full", "empty", "ones_like", "zeros_like", "full_like", "fill")
)
_GENERATORS = frozenset(("default_rng", "RandomState", "Generator", "from_seed"))
# What passes its argument, or its object, through: types, shapes, batches.
_PASSING = frozenset((
    "cast", "convert_to_tensor", "constant", "expand_dims", "asarray", "array", "ascontiguousarray", "float32", "uint8",
    "int8", "reshape", "stack", "concatenate", "concat", "squeeze", "clip", "clip_by_value", "transpose", "swapaxes",
    "from_tensor_slices", "from_tensors", "batch", "take", "repeat", "prefetch", "unbatch", "as_numpy_iterator",
    "numpy", "astype", "copy", "list", "tuple", "iter", "next", "abs", "round", "tile", "flip", "split", "tolist",
    "enumerate", "tqdm", "cache", "permute", "to", "float", "detach", "cpu", "from_numpy", "tensor", "Variable",
))  # fmt: skip
DEEPEST = 6
# Calls into functions of the script, for one dataset.
MOST_CALLS = 60
MOST_NAMES = 2000
# Levels of blocks and expressions within each other, through functions and names: four frames of Python each.
MOST_LEVELS = 120


class Dataset(NamedTuple):
    """What a representative dataset is. ``functions``: those of its name, in the order in which they stand."""

    kind: str  # data, random, constant or unknown
    call: str  # what makes the random numbers or constants: np.random.rand
    span: Span | None  # where that stands
    functions: tuple[Defined, ...]


class _Found:
    def __init__(self) -> None:
        self.made: dict[int, tuple[str, ast.Call]] = {}  # kind -> the call that makes it, as it is written
        self.calls = 0
        self.looked = 0
        self.deep = 0


def dataset_of(value: ast.expr, scope: Scope, names: Names) -> Dataset:
    """What ``converter.representative_dataset = value`` calibrates with."""
    found = _Found()
    value, scope, functions = _function_of(value, scope, names)
    if len(functions) > 1:
        kind = DATA  # which one is used is not known
    elif functions:
        kind = yielded(functions[0], names, found)
    else:
        kind = _Judge(names, found).expression(value, scope, 0)
    call, node = found.made.get(kind, ("", None))
    span = names.span_of(node) if node is not None else None
    return Dataset(WORDS[kind], call if span else "", span, tuple(functions))


def kind_of_function(defined: Defined, names: Names) -> tuple[str, str]:
    """What one function yields, and the call that makes it where that is random or constant."""
    found = _Found()
    kind = yielded(defined, names, found)
    return WORDS[kind], found.made[kind][0] if kind in found.made else ""


def _function_of(value: ast.expr, scope: Scope, names: Names) -> tuple[ast.expr, Scope, list[Defined]]:
    """The functions that a dataset is; its expression where it is none."""
    for _ in range(DEEPEST):
        value, scope = names.value(value, scope)
        if isinstance(value, ast.Lambda):
            scope = names.scopes.get(id(value), scope)
            value = value.body
            continue
        if isinstance(value, ast.Call):
            last = dotted(value.func).rpartition(".")[2]
            if last in ("RepresentativeDataset", "partial") and value.args:
                value = value.args[0]
                continue
            makers = names.functions.get(last, [])
            if len(makers) == 1:
                inner = [
                    defined
                    for same in names.functions.values()
                    for defined in same
                    if defined.scope.parent is makers[0].scope and _yields(defined)
                ]
                return value, scope, inner or (makers if _yields(makers[0]) else [])
            return value, scope, makers
        break
    if isinstance(value, (ast.Name, ast.Attribute)):
        return value, scope, names.functions.get(dotted(value).rpartition(".")[2], [])
    return value, scope, []


def called_generator(value: ast.expr, scope: Scope, names: Names) -> str | None:
    """The function whose generator ``value`` is, as in ``images()``; None where it is anything else."""
    value, scope = names.value(value, scope)
    if not isinstance(value, ast.Call) or not isinstance(value.func, ast.Name):
        return None
    defined = names.functions.get(value.func.id, [])
    if len(defined) != 1 or scope.owner(value.func.id) is not None:
        return None
    own = list(ast.iter_child_nodes(defined[0].node))
    yields = False
    for (
        node
    ) in own:  # what it yields itself, not what functions in it do; `return` of a function makes a factory
        if isinstance(node, (ast.FunctionDef, ast.AsyncFunctionDef, ast.Lambda, ast.ClassDef)):
            continue
        yields = yields or isinstance(node, (ast.Yield, ast.YieldFrom))
        own.extend(ast.iter_child_nodes(node))
    return value.func.id if yields and not defined[0].node.decorator_list else None


def _yields(defined: Defined) -> bool:
    return any(isinstance(node, (ast.Yield, ast.YieldFrom)) for node in ast.walk(defined.node))


def yielded(defined: Defined, names: Names, found: _Found, depth: int = 0) -> int:
    """The kind of what a function yields, or returns where it yields nothing."""
    found.calls += 1
    if found.calls > MOST_CALLS:
        return DATA
    judge = _Judge(names, found)
    judge.block(defined.node.body, defined.scope, depth)
    kinds = judge.yields or judge.returns
    return max(kinds, default=DATA)


class _Judge:
    """Goes through one function, in order, and knows of each local name what it holds."""

    def __init__(self, names: Names, found: _Found) -> None:
        self._names = names
        self._found = found
        self._local: dict[str, int] = {}
        self.yields: list[int] = []
        self.returns: list[int] = []

    def block(self, statements: Sequence[ast.stmt], scope: Scope, depth: int) -> None:
        """Go through ``statements``; what lies too deep is taken for data."""
        if self._found.deep >= MOST_LEVELS:
            self.yields.append(DATA)
            return
        self._found.deep += 1
        self._statements(statements, scope, depth)
        self._found.deep -= 1

    def _statements(self, statements: Sequence[ast.stmt], scope: Scope, depth: int) -> None:
        for statement in statements:
            if isinstance(statement, (ast.FunctionDef, ast.AsyncFunctionDef, ast.ClassDef)):
                continue
            if isinstance(statement, (ast.For, ast.AsyncFor)):
                self._bind(statement.target, self._iterated(statement.iter, scope, depth))
            self._simple(statement, scope, depth)
            for field in ("body", "orelse", "finalbody"):
                block = getattr(statement, field, None)
                if isinstance(block, list):
                    self.block(block, scope, depth)
            for handler in (*getattr(statement, "handlers", ()), *getattr(statement, "cases", ())):
                self.block(handler.body, scope, depth)

    def _simple(self, statement: ast.stmt, scope: Scope, depth: int) -> None:
        value = getattr(statement, "value", None)
        if isinstance(statement, ast.Assign):
            kind = self.expression(statement.value, scope, depth)
            for target in statement.targets:
                self._bind(target, kind)
        elif isinstance(statement, (ast.AnnAssign, ast.AugAssign)) and value is not None:
            kind = self.expression(value, scope, depth)
            held = (
                self.expression(statement.target, scope, depth)
                if isinstance(statement, ast.AugAssign)
                else NUMBER
            )
            self._bind(statement.target, max(kind, held))
        elif isinstance(statement, ast.Return) and value is not None:
            self.returns.append(self.expression(value, scope, depth))
        elif isinstance(statement, ast.Expr):
            self._expression_statement(statement.value, scope, depth)
        elif isinstance(statement, (ast.With, ast.AsyncWith)):
            for item in statement.items:
                if item.optional_vars is not None:
                    self._bind(item.optional_vars, DATA)

    def _expression_statement(self, value: ast.expr, scope: Scope, depth: int) -> None:
        if isinstance(value, (ast.Yield, ast.YieldFrom)):
            self.yields.append(NUMBER if value.value is None else self.expression(value.value, scope, depth))
        elif isinstance(value, ast.Call):
            # x.append(image), cv2.resize(image, dst=x): what was a buffer is now what was put into it.
            arguments = [*value.args, *(word.value for word in value.keywords)]
            receiver = value.func.value if isinstance(value.func, ast.Attribute) else None
            if isinstance(receiver, ast.Name) and receiver.id in self._local and arguments:
                put = max(self.expression(argument, scope, depth) for argument in arguments)
                self._local[receiver.id] = max(self._local[receiver.id], put)
            elif dotted(value.func) not in ("print",):
                for argument in arguments:
                    if isinstance(argument, ast.Name) and argument.id in self._local:
                        self._local[argument.id] = DATA

    def _bind(self, target: ast.expr, kind: int) -> None:
        if isinstance(target, ast.Name):
            self._local[target.id] = kind
        elif isinstance(target, (ast.Tuple, ast.List)):
            for element in target.elts:
                self._bind(element, kind)
        elif isinstance(target, (ast.Subscript, ast.Attribute, ast.Starred)):
            inner = target.value
            name = dotted(inner).partition(".")[0]
            if name in self._local:
                # Numbers at computed places of a buffer are made by hand, as a board with its pieces is.
                placed = isinstance(target, ast.Subscript) and kind <= CONSTANT and _is_computed(target.slice)
                self._local[name] = max(self._local[name], DATA if placed else kind)

    def _iterated(self, node: ast.expr, scope: Scope, depth: int) -> int:
        if isinstance(node, ast.Call) and dotted(node.func).rpartition(".")[2] in ("range", "count"):
            return NUMBER
        return self.expression(node, scope, depth)

    def expression(self, node: ast.expr, scope: Scope, depth: int) -> int:
        """The kind of an expression; DATA for whatever is not understood."""
        self._found.deep += 1
        try:
            return self._kind(node, scope, depth) if self._found.deep < MOST_LEVELS else DATA
        finally:
            self._found.deep -= 1

    def _kind(self, node: ast.expr, scope: Scope, depth: int) -> int:
        if isinstance(node, ast.Constant):
            return NUMBER
        if isinstance(node, ast.Name):
            return self._name(node, scope, depth)
        if isinstance(node, (ast.List, ast.Tuple, ast.Set)):
            return self._all(node.elts, scope, depth)
        if isinstance(node, ast.Dict):
            return self._all(node.values, scope, depth)
        if isinstance(node, ast.BinOp):
            return self._all((node.left, node.right), scope, depth)
        if isinstance(node, (ast.UnaryOp, ast.Starred, ast.Subscript, ast.NamedExpr)):
            inner = node.operand if isinstance(node, ast.UnaryOp) else node.value
            return self.expression(inner, scope, depth)
        if isinstance(node, ast.IfExp):
            return self._all((node.body, node.orelse), scope, depth)
        if isinstance(node, (ast.GeneratorExp, ast.ListComp, ast.SetComp, ast.DictComp)):
            for part in node.generators:
                self._bind(part.target, self._iterated(part.iter, scope, depth))
            return self.expression(node.value if isinstance(node, ast.DictComp) else node.elt, scope, depth)
        if isinstance(node, (ast.Yield, ast.Await)):
            return DATA
        if isinstance(node, ast.Call):
            return self._call(node, scope, depth)
        return DATA

    def _all(self, nodes: Sequence[ast.expr | None], scope: Scope, depth: int) -> int:
        return max((self.expression(n, scope, depth) for n in nodes if n is not None), default=NUMBER)

    def _name(self, node: ast.Name, scope: Scope, depth: int) -> int:
        if node.id in self._local:
            return self._local[node.id]
        owner = scope.owner(node.id)
        self._found.looked += 1
        if owner is None or depth >= DEEPEST or self._found.looked > MOST_NAMES:
            return DATA
        values = owner.values[node.id]
        if any(value is None for value in values) or len(values) > DEEPEST:
            return DATA
        return max(
            _Judge(self._names, self._found).expression(value, owner, depth + 1)
            for value in values
            if value is not None
        )

    def _call(self, node: ast.Call, scope: Scope, depth: int) -> int:
        path = self._names.canonical(node.func, scope)
        first, _, last = path.rpartition(".")
        if not path and isinstance(node.func, ast.Attribute):  # f(x).batch(1)
            last = node.func.attr
            receiver = self.expression(node.func.value, scope, depth)
            return receiver if last in _PASSING or last == "map" else DATA
        # random.sample picks from what there is, np.random.sample makes numbers.
        if last in _RANDOM_CALLS and path != "random.sample" and self._is_random(first, scope):
            return self._note(RANDOM, node, path)
        if last in _CONSTANT_CALLS and first.rpartition(".")[2] in (
            "numpy",
            "np",
            "tensorflow",
            "tf",
            "torch",
        ):
            return self._note(CONSTANT, node, path)
        owner = dotted(node.func).partition(".")[0]
        if last in _PASSING or (last == "map" and first):
            if isinstance(node.func, ast.Attribute) and (
                owner in self._local or scope.owner(owner) is not None
            ):
                return self.expression(node.func.value, scope, depth)
            return self._all(node.args[:1], scope, depth) if node.args else DATA
        defined = self._names.functions.get(last, [])
        if len(defined) == 1 and not first and depth < DEEPEST:
            if node.args or node.keywords:
                inside = yielded(defined[0], self._names, self._found, depth + 1)
                return inside if inside in (RANDOM, CONSTANT) else DATA
            return yielded(defined[0], self._names, self._found, depth + 1)
        return DATA

    def _is_random(self, owner: str, scope: Scope) -> bool:
        """Whether ``owner`` of ``owner.normal(...)`` makes random numbers: a module, or a generator of one."""
        if owner.rpartition(".")[2] in ("random", "torch") or ".random" in f".{owner}":
            return True
        made, _ = self._names.value(ast.Name(owner), scope) if owner and "." not in owner else (None, scope)
        return isinstance(made, ast.Call) and dotted(made.func).rpartition(".")[2] in _GENERATORS

    def _note(self, kind: int, node: ast.Call, path: str) -> int:
        if kind == RANDOM or kind not in self._found.made:
            self._found.made[kind] = dotted(node.func) or path, node
        return kind


def _is_computed(index: ast.expr) -> bool:
    """Whether an index has a name in it that is no number written out."""
    return any(isinstance(node, ast.Name) for node in ast.walk(index))


def generator_like(names: Names) -> Iterator[tuple[str, list[Defined]]]:
    """Names of several functions that all yield."""
    for name, same in names.functions.items():
        if len(same) > 1 and all(_yields(defined) for defined in same):
            yield name, same
