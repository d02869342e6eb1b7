# What there is to run. Plain pip, pytest and tflint-edgetpu do as well.

default:
    @just --list

# an environment for development
setup:
    python3 -m venv .venv
    .venv/bin/python -m pip install -e '.[dev]'

# all tests
test:
    .venv/bin/pytest -q -n 2

# without the slow ones (fresh environments, TensorFlow)
fast:
    .venv/bin/pytest -q -m "not slow"

lint:
    .venv/bin/ruff check .
    .venv/bin/ruff format .
    .venv/bin/lint-imports

types:
    .venv/bin/mypy

# write the generated pages
docs:
    .venv/bin/tflint-edgetpu docs --write

# rebuild fixtures (TensorFlow) and golden reports
fixtures:
    .venv/bin/python fixtures/build.py
    .venv/bin/python fixtures/golden.py

# a new rule: just new-rule OPS024 name-of-the-pattern operators
new-rule code name family:
    .venv/bin/tflint-edgetpu new-rule {{code}} {{name}} --family {{family}}

# what CI runs
check:
    bash .ci/run
