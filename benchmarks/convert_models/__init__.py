"""The models of ``benchmarks/convert.py``: small networks built in code, seeded, one family a file."""
