"""One safeguard taken out of the product: where it stands, what stands there instead, who must notice."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path


class Unapplicable(Exception):
    """The code has changed since the mutant was written: it must be written anew, or taken off the table."""


@dataclass(frozen=True)
class Mutant:
    """`old` occurs exactly once in the file. `tests`: node ids, the narrowest of those that must fail."""

    name: str  # the safeguard, as the table prints it
    file: str
    old: str
    new: str
    tests: tuple[str, ...]

    @property
    def is_of_the_schema(self) -> bool:
        """Migrations are applied once to a database: such a mutant needs one of its own."""
        return "/migrations/" in self.file

    def applied(self, root: Path) -> str:
        """The whole file without the safeguard. Raises `Unapplicable`, also where it is no Python then."""
        source = (root / self.file).read_text(encoding="utf-8")
        if (found := source.count(self.old)) != 1:
            raise Unapplicable(f"{self.name}: the text occurs {found} times in {self.file}")
        mutated = source.replace(self.old, self.new)
        if self.file.endswith(".py"):
            try:
                compile(mutated, self.file, "exec")
            except SyntaxError as error:
                raise Unapplicable(f"{self.name}: {self.file} is no Python any more, {error}") from error
        return mutated
