"""Operator versions: what a compiler's parser knows, and what an operator really needs.

A version stands in the operator code that all uses of an operator share, and converters write the highest
version of all uses there: one int64 ADD makes every int8 ADD 'version 4'.  So the number in the file and
the number an operator needs are two things.
"""

from __future__ import annotations

from .needed import needed_version, why_version
from .parser import introduced_in, known_to, newest_known, parser_limit

__all__ = ["introduced_in", "known_to", "needed_version", "newest_known", "parser_limit", "why_version"]
