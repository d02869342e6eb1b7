"""Our reader against the PyPI package ``tflite``, which is generated from the schema: field by field."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import tflite
from ai_edge_litert import schema_py_generated as schema

from tflint_edgetpu.model.errors import ReadError
from tflint_edgetpu.model.graph import Model, Operator, Quantization, Subgraph, Tensor
from tflint_edgetpu.model.option import ACTIVATIONS, Option
from tflint_edgetpu.model.options import OPTIONS
from tflint_edgetpu.model.reader import read_model
from tflint_edgetpu.model.schema import BUILTIN_OPERATORS, QUANTIZATION_DETAILS, TENSOR_TYPES
from tflint_edgetpu.testing.builder import ModelBuilder

FIXTURES = Path(__file__).parents[2] / "fixtures"
PADDINGS = ("SAME", "VALID")


def names_of(enumeration: type) -> dict[int, str]:
    return {
        code: name
        for name, code in vars(enumeration).items()
        if isinstance(code, int) and not name.startswith("__")
    }


OPERATORS = names_of(tflite.BuiltinOperator)
TYPES = names_of(tflite.TensorType)
DETAILS = names_of(schema.QuantizationDetails)  # the package tflite lags behind here


def text(value: bytes | None) -> str:
    return (value or b"").decode("utf-8", "backslashreplace")


def numbers(table: Any, field: str) -> tuple[Any, ...] | None:
    """A vector as Python numbers; ``None`` where the field is absent."""
    if getattr(table, field + "IsNone")():
        return None
    values = getattr(table, field + "AsNumpy")()
    return () if isinstance(values, int) else tuple(values.tolist())


def raw(table: Any, field: str) -> bytes:
    values = getattr(table, field + "AsNumpy")()
    return b"" if isinstance(values, int) else bytes(values.tobytes())


class Comparison:
    """Collects what differs; ``fields`` counts what was compared, so that nothing passes by being empty."""

    def __init__(self) -> None:
        self.fields = 0
        self.different: list[str] = []

    def same(self, where: str, ours: object, theirs: object) -> None:
        self.fields += 1
        equal = ours == theirs or (ours != ours and theirs != theirs)
        if not equal:
            self.different.append(f"{where}: {ours!r} instead of {theirs!r}")

    def model(self, ours: Model, theirs: Any, data: bytes) -> None:
        self.same("version", ours.version, theirs.Version())
        self.same("description", ours.description, text(theirs.Description()))
        self.same("operator codes", len(ours.operator_codes), theirs.OperatorCodesLength())
        # The package tflite ignores the wide code where the old one is absent; the interpreter takes the larger.
        newest = schema.Model.GetRootAs(data, 0)
        for number, code in enumerate(ours.operator_codes):
            their = newest.OperatorCodes(number)
            builtin = max(their.DeprecatedBuiltinCode(), their.BuiltinCode())
            self.same(f"code {number}", code.builtin_code, builtin)
            self.same(f"code {number} kind", code.kind, OPERATORS[builtin])
            self.same(f"code {number} version", code.version, their.Version())
            if code.kind == "CUSTOM":
                self.same(f"code {number} name", code.custom_code or "", text(their.CustomCode()))
        self.buffers(ours, theirs, data)
        self.same("subgraphs", len(ours.subgraphs), theirs.SubgraphsLength())
        for number, subgraph in enumerate(ours.subgraphs):
            self.subgraph(ours, subgraph, theirs, theirs.Subgraphs(number))
        self.same(
            "signatures",
            [(s.key, s.subgraph, arguments(s.inputs), arguments(s.outputs)) for s in ours.signatures],
            [their_signature(theirs.SignatureDefs(i)) for i in range(theirs.SignatureDefsLength())],
        )
        self.same(
            "metadata",
            [tuple(entry) for entry in ours.metadata],
            [
                (text(theirs.Metadata(i).Name()), theirs.Metadata(i).Buffer())
                for i in range(theirs.MetadataLength())
            ],
        )

    def buffers(self, ours: Model, theirs: Any, data: bytes) -> None:
        self.same("buffers", len(ours.buffers), max(1, theirs.BuffersLength()))
        for number in range(theirs.BuffersLength()):
            buffer, their = ours.buffers[number], theirs.Buffers(number)
            external = not their.DataLength() and their.Offset() > 1
            self.same(f"buffer {number} external", buffer.external, external)
            start, end = their.Offset(), their.Offset() + their.Size()
            expected = data[start:end] if external else raw(their, "Data")
            self.same(f"buffer {number}", ours.source.read(buffer.start, buffer.length), expected)

    def subgraph(self, model: Model, ours: Subgraph, their_model: Any, theirs: Any) -> None:
        self.same(f"{ours.ref} name", ours.name, text(theirs.Name()))
        for field, chosen in (("Inputs", ours.inputs), ("Outputs", ours.outputs)):
            self.same(f"{ours.ref} {field}", indices(chosen), numbers(theirs, field) or ())
        self.same(f"{ours.ref} tensors", len(ours.tensors), theirs.TensorsLength())
        for number, tensor in enumerate(ours.tensors):
            self.tensor(tensor, theirs.Tensors(number))
        self.same(f"{ours.ref} operators", len(ours.operators), theirs.OperatorsLength())
        for number, operator in enumerate(ours.operators):
            self.operator(model, operator, theirs.Operators(number))

    def tensor(self, ours: Tensor, theirs: Any) -> None:
        self.same(f"{ours.ref} name", ours.name, text(theirs.Name()))
        self.same(f"{ours.ref} shape", ours.shape, numbers(theirs, "Shape") or ())
        self.same(f"{ours.ref} signature", ours.shape_signature, numbers(theirs, "ShapeSignature") or None)
        self.same(f"{ours.ref} type", ours.dtype, TYPES[theirs.Type()])
        self.same(f"{ours.ref} buffer", ours.buffer, theirs.Buffer())
        self.same(f"{ours.ref} variable", ours.is_variable, theirs.IsVariable())
        self.same(f"{ours.ref} sparse", ours.is_sparse, theirs.Sparsity() is not None)
        self.same(f"{ours.ref} has_rank", ours.has_rank, theirs.HasRank())
        self.same(f"{ours.ref} quantization", ours.quantization, their_quantization(theirs.Quantization()))

    def operator(self, model: Model, ours: Operator, theirs: Any) -> None:
        self.same(f"{ours.ref} code", ours.opcode_index, theirs.OpcodeIndex())
        code = model.operator_codes[ours.opcode_index]
        self.same(f"{ours.ref} kind", (ours.kind, ours.custom_code), (code.kind, code.custom_code))
        self.same(f"{ours.ref} version", ours.version, code.version)
        inputs = tuple(-1 if tensor is None else tensor.index for tensor in ours.inputs)
        self.same(f"{ours.ref} inputs", inputs, numbers(theirs, "Inputs") or ())
        for field, chosen in (("Outputs", ours.outputs), ("Intermediates", ours.intermediates)):
            present = tuple(index for index in numbers(theirs, field) or () if index >= 0)
            self.same(f"{ours.ref} {field}", indices(chosen), present)
        options = theirs.BuiltinOptions()
        cls = OPTIONS.get(theirs.BuiltinOptionsType())
        if options is None or cls is None:
            self.same(f"{ours.ref} options", ours.options, None)
        else:
            table = getattr(tflite, cls.__name__)()
            table.Init(options.Bytes, options.Pos)
            self.same(f"{ours.ref} options", type(ours.options), cls)
            for option in cls.fields:
                self.same(f"{ours.ref} {option.name}", ours.option(option.name), their_option(table, option))
        custom = b"" if ours.custom_options is None else model.source.read(*ours.custom_options)
        self.same(f"{ours.ref} custom options", custom, raw(theirs, "CustomOptions"))


def indices(tensors: tuple[Tensor, ...]) -> tuple[int, ...]:
    return tuple(tensor.index for tensor in tensors)


def arguments(named: tuple[tuple[str, Tensor], ...]) -> list[tuple[str, int]]:
    return [(name, tensor.index) for name, tensor in named]


def their_signature(signature: Any) -> tuple[Any, ...]:
    def maps(field: str) -> list[tuple[str, int]]:
        entries = [getattr(signature, field)(i) for i in range(getattr(signature, field + "Length")())]
        return [(text(entry.Name()), entry.TensorIndex()) for entry in entries]

    return text(signature.SignatureKey()), signature.SubgraphIndex(), maps("Inputs"), maps("Outputs")


def their_quantization(table: Any) -> Quantization | None:
    """As ours: a table with neither scales nor details says nothing."""
    if table is None or not (table.ScaleLength() or table.DetailsType()):
        return None
    details = table.DetailsType()
    return Quantization(
        numbers(table, "Scale") or (),
        numbers(table, "ZeroPoint") or (),
        table.QuantizedDimension(),
        numbers(table, "Min") or (),
        numbers(table, "Max") or (),
        DETAILS[details] if details else None,
    )


def kind_of(field: Option[Any]) -> str:
    """How the schema types an option, told by its name and default."""
    if field.name in ("padding", "fused_activation_function"):
        return field.name
    if field.default is None:
        return "text" if field.name in ("container", "shared_name") else "integers"
    return type(field.default).__name__


def named(field: Option[Any], value: Any) -> Any:
    """The name of a code where the option is an enumeration."""
    names = {"padding": PADDINGS, "fused_activation_function": ACTIVATIONS}.get(field.name)
    return value if names is None else names[value]


def their_option(table: Any, field: Option[Any]) -> object:
    name = "".join(part[:1].upper() + part[1:] for part in field.name.split("_"))
    if kind_of(field) == "integers":
        return numbers(table, name)
    value = getattr(table, name)()
    return None if value is None else text(value) if kind_of(field) == "text" else named(field, value)


def compared(data: bytes) -> Comparison:
    comparison = Comparison()
    comparison.model(read_model(data), tflite.Model.GetRootAs(data, 0), data)
    return comparison


def corpus_models(shared: Path) -> Iterator[tuple[Path, bytes]]:
    for path in sorted((shared / "corpus").rglob("*.tflite")):
        if "invalid" not in path.name:
            yield path, path.read_bytes()


@pytest.mark.parametrize("path", sorted(FIXTURES.glob("*.tflite")), ids=lambda path: path.stem)
def test_every_shipped_model(path: Path) -> None:
    comparison = compared(path.read_bytes())
    assert comparison.different == []
    assert comparison.fields > 50


def test_every_real_model(shared: Path) -> None:
    different, files = {}, 0
    for path, data in corpus_models(shared):
        comparison = compared(data)
        files += 1
        if comparison.different or comparison.fields <= 10:
            different[str(path)] = comparison.different[:3]
    assert different == {}
    assert files > 150


def test_no_real_model_is_refused_as_invalid(shared: Path) -> None:
    """And every file that is none of the format is refused."""
    for path in sorted((shared / "corpus" / "singles").glob("*invalid*")):
        with pytest.raises(ReadError):
            read_model(path)


@pytest.mark.parametrize(("ours", "theirs"), [
    (BUILTIN_OPERATORS, schema.BuiltinOperator),
    (TENSOR_TYPES, schema.TensorType),
    (ACTIVATIONS, schema.ActivationFunctionType),
    (PADDINGS, schema.Padding),
    (("NONE", *QUANTIZATION_DETAILS[1:]), schema.QuantizationDetails),
])  # fmt: skip
def test_names_of_codes(ours: tuple[str, ...], theirs: type) -> None:
    assert dict(enumerate(ours)) == {
        code: name for code, name in names_of(theirs).items() if name != "PLACEHOLDER_FOR_GREATER_OP_CODES"
    } | ({127: ours[127]} if len(ours) > 127 else {})


def with_options(code: int, table: Any) -> Model:
    """A model of one operator that carries ``table``, written by the generated code."""
    m = ModelBuilder()
    m.output(m.unary("LOGISTIC", m.input((1, 4))))
    operator = m.model_t.subgraphs[0].operators[0]
    operator.builtinOptionsType, operator.builtinOptions = code, table
    return read_model(m.build())


def camel(name: str) -> str:
    return re.sub(r"_(\w)", lambda match: match[1].upper(), name)


def a_value(field: Option[Any], number: int) -> tuple[Any, Any]:
    """What to write into a field and what to read back: never the default."""
    kind = kind_of(field)
    if kind == "fused_activation_function":
        return 3, "RELU6"
    if kind == "padding":
        return 1, "VALID"
    if kind == "bool":
        return not field.default, not field.default
    if kind == "integers":
        return np.array([number + 2, -1], np.int32), (number + 2, -1)
    if kind == "text":
        return f"name {number}", f"name {number}"
    return (0.5 + number,) * 2 if kind == "float" else (number + 2,) * 2


@pytest.mark.parametrize("code", OPTIONS)
def test_every_option_stands_in_its_slot(code: int) -> None:
    cls = OPTIONS[code]
    assert names_of(schema.BuiltinOptions)[code] == cls.__name__
    table = getattr(schema, cls.__name__ + "T")()
    expected = {}
    for number, field in enumerate(cls.fields):
        written, expected[field.name] = a_value(field, number)
        assert hasattr(table, camel(field.name)), field.name
        setattr(table, camel(field.name), written)
    options = with_options(code, table).main.operators[0].options
    assert options is not None
    assert options.as_dict() == expected


@pytest.mark.parametrize("code", OPTIONS)
def test_every_option_has_the_default_of_the_schema(code: int) -> None:
    cls = OPTIONS[code]
    options = with_options(code, getattr(schema, cls.__name__ + "T")()).main.operators[0].options
    assert type(options) is cls
    empty = getattr(schema, cls.__name__ + "T")()
    for field in cls.fields:
        default = named(field, getattr(empty, camel(field.name)))
        assert options.as_dict()[field.name] == default == field.default, field.name
