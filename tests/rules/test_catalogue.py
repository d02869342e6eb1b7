"""Every row of the failure catalogue is answered by a rule, or listed with the reason why by none."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from tflint_edgetpu.lint.plugins import Plugins

ROOT = Path(__file__).resolve().parents[2]
COVERED = {row for _, rule in Plugins().rules.values() for row in rule.meta.covers}


@pytest.fixture(scope="session")
def catalogue(shared: Path) -> set[str]:
    """The rows of section 4 of the catalogue."""
    text = (shared / "facts" / "user_pain.md").read_text(encoding="utf-8")
    section = text.split("\n## 4.", 1)[1].split("\n### ", 1)[0]
    rows = set(re.findall(r"^\| \*\*([A-Z]\d{3})\*\*", section, flags=re.MULTILINE))
    assert len(rows) == 65
    return rows


def listed() -> dict[str, str]:
    """Row -> reason, as ``docs/catalogue.md`` lists them."""
    text = (ROOT / "docs" / "catalogue.md").read_text(encoding="utf-8")
    found = re.findall(r"^\| ([A-Z]\d{3}) \| [a-z0-9-]+ \| (.+) \|$", text, flags=re.MULTILINE)
    assert len(dict(found)) == len(found), "a row is listed twice"
    return dict(found)


def test_every_row_is_answered_or_listed(catalogue: set[str]) -> None:
    missing = catalogue - COVERED - listed().keys()
    assert not missing, f"no rule covers {sorted(missing)} and docs/catalogue.md does not say why"


def test_no_row_is_made_up(catalogue: set[str]) -> None:
    assert not COVERED - catalogue, f"a rule covers {sorted(COVERED - catalogue)}, which the catalogue lacks"
    assert not listed().keys() - catalogue


def test_no_listed_row_has_a_rule() -> None:
    assert not COVERED & listed().keys(), "take these rows out of docs/catalogue.md: a rule answers them now"
