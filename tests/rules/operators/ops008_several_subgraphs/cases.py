"""Cases of OPS008 several-subgraphs."""

from tflint_edgetpu.testing.builder import ModelBuilder
from tflint_edgetpu.testing.cases import failing, passing


@failing(severity="warning")
def two_signatures(m: ModelBuilder) -> None:
    for key in ("serve", "serving_default"):
        if key != "serve":
            m.add_subgraph(key)
        x = m.input((1, 4))
        y = m.dense(x)
        m.output(y)
        m.signature(key, {"x": x}, {"y": y})


@passing
def two_signatures_of_one_subgraph(m: ModelBuilder) -> None:
    x = m.input((1, 4))
    y = m.dense(x)
    m.output(y)
    m.signature("serve", {"x": x}, {"y": y})
    m.signature("serving_default", {"x": x}, {"y": y})


@passing
def the_body_of_a_loop(m: ModelBuilder) -> None:
    x = m.input((1, 4))
    y = m.op("WHILE", [x], [m.tensor((1, 4))], options="WhileOptions", cond_subgraph_index=1,
             body_subgraph_index=1)  # fmt: skip
    m.output(y)
    m.signature("serve", {"x": x}, {"y": y})
    m.add_subgraph("body")
    x = m.input((1, 4))
    y = m.unary("RELU", x)
    m.output(y)
    m.signature("body", {"x": x}, {"y": y})
