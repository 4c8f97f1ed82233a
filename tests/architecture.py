"""The rules of the house as functions: each takes the root of a tree and yields its offences as text.

They read source with `ast` and never import it, so that a test can also hand them a made-up tree.
"""

import ast
import io
import re
import sys
import tokenize
import tomllib
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import cache, cached_property
from importlib.metadata import packages_distributions
from pathlib import Path

FLOORS = {
    "conference": 1,
    "mailing": 2,
    "attendees": 3,
    "sessions": 4,
    "documents": 5,
    "checkin": 5,
    "api": 6,
}
# Inside an app a module imports only from its own layer or a lower one; whatever is not named here is a verb.
LAYERS = {"models": 0, "forms": 2, "tasks": 2, "templatetags": 2, "views": 3, "admin": 3, "urls": 4}
VERB, FRAME = 1, 5
FRAME_MODULES = {"apps", "management", "settings", "wsgi", "asgi"}
BANNED_NAMES = {"utils", "helpers", "services"}
LONGEST_MODULE = 400
# Words that open a hole in a wall, and the files that may use them.
DANGEROUS: dict[str, set[str]] = {
    "mark_safe": set(),
    "SafeString": set(),
    "csrf_exempt": {"checkin/views.py"},  # a device shows its token in a header; no cookie counts there
    "raw": set(),
    "extra": set(),
    "pickle": set(),
}
# Words of the QuerySets that a view may begin with.
WHO_MAY_SEE = {"visible_to", "on_desk_of", "public"}
# `os.environ` is read in env.py; these start other processes or name the settings module.
MAY_SEE_ENVIRONMENT = {"env", "bootstrap", "install", "supervisor", "dumping", "celery", "wsgi", "asgi"}
# Production packages that no line imports: they are named in settings or in a command.
NAMED_NOT_IMPORTED = {"gunicorn", "packaging", "psycopg2-binary", "redis", "whitenoise"}

SILENCE = re.compile(
    r"#\s*(?:noqa(?P<rules>:\s*[A-Z]+\d+(?:,\s*[A-Z]+\d+)*)?"
    r"|type:\s*ignore(?P<codes>\[[\w-]+(?:,\s*[\w-]+)*\])?)(?P<reason>.*)"
)
COMMENT = re.compile(r"{#.*?#}|{% comment.*?endcomment %}", re.S)
INLINE = {
    "inline style": re.compile(r"\sstyle\s*=", re.I),
    "style element": re.compile(r"<style\b", re.I),
    "inline script": re.compile(r"<script\b(?![^>]*(\bsrc\s*=|type=\"application/json\"))", re.I),
    "event handler": re.compile(r"<[^>]*\son[a-z]+\s*=", re.I),
}


@dataclass(frozen=True)
class Module:
    """One Python file of an app."""

    root: Path
    path: Path

    @property
    def name(self) -> str:
        return str(self.path.relative_to(self.root))

    @property
    def app(self) -> str:
        return self.path.relative_to(self.root).parts[0]

    @property
    def stem(self) -> str:
        """The module's name inside its app; a package counts as one module."""
        return self.path.relative_to(self.root).parts[1].removesuffix(".py")

    @property
    def layer(self) -> int:
        return layer_of(self.stem)

    @cached_property
    def source(self) -> str:
        return self.path.read_text()

    @cached_property
    def tree(self) -> ast.Module:
        return parsed(self.source)

    @cached_property
    def imports(self) -> list[tuple[str, int]]:
        """Dotted names and lines; `from a import b` counts as `a.b`."""
        found = []
        for node in ast.walk(self.tree):
            if isinstance(node, ast.Import):
                found += [(alias.name, node.lineno) for alias in node.names]
            elif isinstance(node, ast.ImportFrom):
                base = node.module or ""
                if node.level:
                    package = self.path.relative_to(self.root).with_suffix("").parts[: -node.level]
                    base = ".".join([*package, *([base] if base else [])])
                found += [(f"{base}.{alias.name}", node.lineno) for alias in node.names]
        return found


@cache
def parsed(source: str) -> ast.Module:
    """Seven rules look at the same five hundred files. Who has asked them all empties it: trees are large."""
    return ast.parse(source)


def layer_of(stem: str) -> int:
    if stem in FRAME_MODULES:
        return FRAME
    return LAYERS.get(stem, LAYERS.get(stem.split("_")[0], VERB))


def modules(root: Path) -> Iterator[Module]:
    """Every module of every app, migrations left out."""
    for app in FLOORS:
        for path in sorted((root / app).rglob("*.py")):
            if "migrations" not in path.parts:
                yield Module(root, path)


def imports_go_down(root: Path) -> Iterator[str]:
    """A room imports only from floors below its own; rooms on one floor do not know each other."""
    for module in modules(root):
        for name, line in module.imports:
            target = name.split(".")[0]
            if target in FLOORS and target != module.app and FLOORS[target] >= FLOORS[module.app]:
                yield f"{module.name}:{line} imports {name}"


def layers_inside_an_app(root: Path) -> Iterator[str]:
    """models ← verbs ← forms, tasks ← views, admin ← urls; a model may use a verb that needs no model."""
    for module in modules(root):
        for name, line in module.imports:
            parts = name.split(".")
            if len(parts) < 2 or parts[0] not in FLOORS:
                continue
            target = layer_of(parts[1])
            own = max(module.layer, VERB)
            if target == LAYERS["views"] and parts[1].startswith("views") and module.stem != "urls":
                if parts[1] != module.stem:
                    yield f"{module.name}:{line} imports a view: {name}"
            elif parts[0] == module.app and VERB < target < FRAME and target > own:
                yield f"{module.name}:{line} reaches up to {name}"


def no_vague_names(root: Path) -> Iterator[str]:
    """A module is named for its act."""
    for module in modules(root):
        if {part.removesuffix(".py") for part in module.path.relative_to(root).parts} & BANNED_NAMES:
            yield module.name


def no_signals(root: Path) -> Iterator[str]:
    """What happens is called by name."""
    for module in modules(root):
        for name, line in module.imports:
            if "signals" in name.split(".") or name.startswith("django.dispatch"):
                yield f"{module.name}:{line} imports {name}"


def no_generic_keys(root: Path) -> Iterator[str]:
    """A row points at a table that the database knows."""
    for module in modules(root):
        for name, line in module.imports:
            if name.split(".")[-1] in {"GenericForeignKey", "GenericRelation"}:
                yield f"{module.name}:{line} imports {name}"


def silence_is_explained(root: Path) -> Iterator[str]:
    """A `noqa` or `type: ignore` names its rule and says why."""
    tests = [Module(root, path) for path in sorted((root / "tests").rglob("*.py"))]
    for module in [*modules(root), *tests]:
        for token in tokenize.generate_tokens(io.StringIO(module.source).readline):
            if token.type != tokenize.COMMENT or not (found := SILENCE.search(token.string)):
                continue
            if not (found["rules"] or found["codes"]) or not re.search(r"\w{3,}", found["reason"]):
                yield f"{module.name}:{token.start[0]} {token.string}"


def nothing_inline(root: Path) -> Iterator[str]:
    """No style, script or handler inside a template: the content policy would refuse it."""
    for path in sorted((root / "templates").rglob("*.html")):
        text = COMMENT.sub(lambda comment: "\n" * comment[0].count("\n"), path.read_text())
        for fault, pattern in INLINE.items():
            for found in pattern.finditer(text):
                line = text.count("\n", 0, found.end()) + 1
                yield f"{path.relative_to(root)}:{line} {fault}"


def one_place_for_the_pdf_engine(root: Path) -> Iterator[str]:
    """Only documents/pdf*.py knows WeasyPrint."""
    for module in modules(root):
        for name, line in module.imports:
            if name.split(".")[0] == "weasyprint" and not module.name.startswith("documents/pdf"):
                yield f"{module.name}:{line} imports {name}"


def no_holes(root: Path) -> Iterator[str]:
    """Escaping, CSRF and SQL building stay switched on."""
    for module in modules(root):
        for node in ast.walk(module.tree):
            match node:
                case ast.Call(func=ast.Attribute(attr="raw" | "extra" as word)):
                    pass
                case ast.Call(func=ast.Name(id="SafeString" as word)):  # its name alone is only a type
                    pass
                case ast.Name(id=word) | ast.alias(name=word) if word not in {"raw", "extra", "SafeString"}:
                    pass
                case _:
                    continue
            if word in DANGEROUS and module.name not in DANGEROUS[word]:
                yield f"{module.name}:{node.lineno} uses {word}"


def late_imports_say_why(root: Path) -> Iterator[str]:
    """An import inside a function has its reason beside it or above it."""
    for module in modules(root):
        lines = module.source.splitlines()
        for function in ast.walk(module.tree):
            if not isinstance(function, ast.FunctionDef | ast.AsyncFunctionDef):
                continue
            for node in ast.walk(function):
                if isinstance(node, ast.Import | ast.ImportFrom):
                    near = lines[node.lineno - 2 : node.end_lineno]
                    if not any(re.search(r"#.*\w{3,}", text) for text in near):
                        yield f"{module.name}:{node.lineno} imports late, without a reason"


def acts_after_the_commit_have_names(root: Path) -> Iterator[str]:
    """Django tells the failure of a robust act by its name; a `partial` has none: then the request fails."""
    for module in modules(root):
        for node in ast.walk(module.tree):
            match node:
                case ast.Call(
                    func=ast.Attribute(attr="on_commit"), args=[ast.Call(func=ast.Name(id="partial"))]
                ):
                    yield f"{module.name}:{node.lineno} a partial after the commit"


def views_ask_who_may_see(root: Path) -> Iterator[str]:
    """A view starts from a word that says who may see, `Model.objects.visible_to(user)`, not from all."""
    for module in modules(root):
        if module.stem.split("_")[0] != "views":
            continue
        asked: set[ast.expr] = set()
        for node in ast.walk(module.tree):
            match node:
                case ast.Attribute(value=ast.Attribute(attr="objects") as manager, attr=word) if (
                    word in WHO_MAY_SEE
                ):
                    asked.add(manager)
                case ast.Attribute(attr="objects" | "_default_manager") if node not in asked:
                    yield f"{module.name}:{node.lineno} {ast.unparse(node)}"


def one_reader_of_the_environment(root: Path) -> Iterator[str]:
    """Configuration is read in conference/env.py; setting a variable for a library is another matter."""
    for module in modules(root):
        written: set[ast.expr] = set()
        for node in ast.walk(module.tree):
            match node:
                case ast.Subscript(value=ast.Attribute(attr="environ"), ctx=ast.Store()):
                    written.add(node.value)
                case ast.Attribute(value=ast.Name(id="os"), attr="environ" | "getenv"):
                    if module.stem not in MAY_SEE_ENVIRONMENT and node not in written:
                        yield f"{module.name}:{node.lineno} reads the environment"


def modules_stay_short(root: Path) -> Iterator[str]:
    """Nobody reads a module of more than 400 lines."""
    for module in modules(root):
        if (count := len(module.source.splitlines())) > LONGEST_MODULE:
            yield f"{module.name} has {count} lines"


def dependencies_are_true(root: Path) -> Iterator[str]:
    """What is imported is declared, and what is declared for production is used."""
    project = tomllib.loads((root / "pyproject.toml").read_text())
    optional = project["project"].get("optional-dependencies", {}).values()
    declared = {plain(line) for lines in (project["project"]["dependencies"], *optional) for line in lines}
    owners = packages_distributions()
    used = set()
    for module in modules(root):
        for name, line in module.imports:
            top = name.split(".")[0]
            if top in sys.stdlib_module_names or top in FLOORS or top == "":
                continue
            dists = {plain(dist) for dist in owners.get(top, [top])}
            used |= dists
            if not dists & (declared | {"kombu"}):  # kombu is Celery's own transport layer
                yield f"{module.name}:{line} imports {top}, which pyproject.toml does not name"
    for dist in sorted(declared - used - NAMED_NOT_IMPORTED):
        yield f"pyproject.toml names {dist}, which nothing imports"


def plain(requirement: str) -> str:
    """The normalised name of a requirement."""
    return re.split(r"[\[<>=~!; ]", requirement, maxsplit=1)[0].lower().replace("_", "-")


RULES: list[Callable[[Path], Iterator[str]]] = [
    imports_go_down,
    layers_inside_an_app,
    no_vague_names,
    no_signals,
    no_generic_keys,
    silence_is_explained,
    nothing_inline,
    one_place_for_the_pdf_engine,
    no_holes,
    late_imports_say_why,
    acts_after_the_commit_have_names,
    views_ask_who_may_see,
    one_reader_of_the_environment,
    modules_stay_short,
    dependencies_are_true,
]


def house_numbers(root: Path) -> Iterator[str]:
    """Aims, for a person to weigh: what is longer than it should be."""
    for module in modules(root):
        for node in ast.walk(module.tree):
            if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
                length = (node.end_lineno or node.lineno) - node.lineno + 1
                if length > (limit := 30 if module.stem.split("_")[0] == "views" else 40):
                    yield f"{module.name}:{node.lineno} {node.name} has {length} lines (aim {limit})"
    for path in sorted((root / "templates").rglob("*.html")):
        if (count := len(path.read_text().splitlines())) > 150:
            yield f"{path.relative_to(root)} has {count} lines (aim 150)"
