"""Which findings are wanted, and how each is graded."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import TYPE_CHECKING

from .finding import Finding, Severity
from .settings import Settings, SettingsError

if TYPE_CHECKING:
    from .plugins import Plugins

ALL = "ALL"


class Selection:
    """The settings ``select``, ``ignore`` and ``severity``, checked against the rules that exist.

    Rules run whether they are selected or not: a general rule stays silent about what a specific one
    explained, so that ignoring the specific one must not make the general one speak up.
    """

    def __init__(self, settings: Settings, plugins: Plugins) -> None:
        self._plugins = plugins
        self._all = plugins.codes
        exact = self._expand((word for word in settings.select if self._is_exact(word)), "select")
        chosen = self._expand(settings.select, "select") if settings.select else self._all
        # A whole code beats a prefix: 'select = ["QNT001"], ignore = ["QNT"]' keeps QNT001.
        ignored = (
            self._expand((word for word in settings.ignore if not self._is_exact(word)), "ignore") - exact
        )
        ignored |= self._expand((word for word in settings.ignore if self._is_exact(word)), "ignore")
        self.codes = chosen - ignored
        self._severity = self._grades(settings.severity)

    def apply(self, findings: Iterable[Finding]) -> list[Finding]:
        """The selected ones, graded, the gravest first; otherwise in their order."""
        kept = [self._graded(finding) for finding in findings if finding.code in self.codes]
        return sorted(kept, key=lambda finding: -finding.severity)

    def codes_of(self, word: str, setting: str) -> frozenset[str]:
        """The codes that a code, a prefix or a name stands for; raises :class:`SettingsError` where there
        are none, naming ``setting``."""
        if word.upper() == ALL:
            return self._all
        if word.lower() not in self._plugins.words:
            found = frozenset(code for code in self._all if word and code.startswith(word.upper()))
            if found:
                return found
        code = self._plugins.code_of(word)
        if code is None:
            raise SettingsError(f"{setting}: no rule is called '{word}'{self._suggest(word)}")
        return frozenset((code,))

    def _is_exact(self, word: str) -> bool:
        if word.lower() in self._plugins.words:
            return True
        return word.upper() != ALL and not any(code.startswith(word.upper()) for code in self._all)

    def _expand(self, words: Iterable[str], setting: str) -> frozenset[str]:
        codes: frozenset[str] = frozenset()
        return codes.union(*(self.codes_of(word, setting) for word in words))

    def _grades(self, wanted: Mapping[str, Severity]) -> dict[str, Severity]:
        grades: dict[str, Severity] = {}
        for word in sorted(wanted, key=self._is_exact):  # whole codes last, they win
            grades.update(dict.fromkeys(self.codes_of(word, "severity"), wanted[word]))
        return grades

    def _graded(self, finding: Finding) -> Finding:
        severity = self._severity.get(finding.code, finding.severity)
        return finding if severity is finding.severity else finding._replace(severity=severity)

    def _suggest(self, word: str) -> str:
        from .suggest import did_you_mean

        families = {code.rstrip("0123456789") for code in self._all}
        return did_you_mean(word, (*self._plugins.words, *self._all, *families))
