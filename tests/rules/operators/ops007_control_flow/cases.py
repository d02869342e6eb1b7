"""Cases of OPS007 control-flow."""

from tflint_edgetpu.testing.builder import ModelBuilder
from tflint_edgetpu.testing.cases import failing, passing


@failing(severity="error")
def loop(m: ModelBuilder) -> None:
    x = m.input((1, 4))
    m.output(m.op("WHILE", [x], [m.tensor((1, 4))], options="WhileOptions", cond_subgraph_index=1,
                  body_subgraph_index=2))  # fmt: skip
    for name in ("cond", "body"):
        m.add_subgraph(name)
        m.output(m.unary("RELU", m.input((1, 4))))


@failing(severity="error")
def variable(m: ModelBuilder) -> None:
    handle = m.op("VAR_HANDLE", [], [m.tensor((1,), "INT32")], options="VarHandleOptions")
    weights = m.op("READ_VARIABLE", [handle], [m.tensor((1, 4))])
    m.output(m.add(m.input((1, 4)), weights))


@passing
def plain_graph(m: ModelBuilder) -> None:
    m.output(m.dense(m.input((1, 4))))
