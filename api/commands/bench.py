"""`aifactory bench`: run one of the benchmarks of `eval/`, or list them."""

from __future__ import annotations

from typing import Annotated

import typer

PREFIX = "bench_"

Name = Annotated[str | None, typer.Argument(metavar="[NAME]", help="None lists the benchmarks.")]


def bench(context: typer.Context, name: Name = None) -> None:
    """Measure speed, memory and correctness; `aifactory bench NAME --help` tells more."""
    import runpy
    import sys

    from api.errors import OptionInvalid

    known = benchmarks()
    if name is None:
        width = max(map(len, known))
        for one, about in known.items():
            typer.echo(f"{one:<{width}}  {about}")
        return
    if name not in known:
        raise OptionInvalid(f"there is no benchmark {name!r}; there are {', '.join(known)}")
    sys.argv = [f"aifactory bench {name}", *context.args]
    runpy.run_module(f"eval.{PREFIX}{name}", run_name="__main__")


def benchmarks() -> dict[str, str]:
    """Return the benchmarks by name, each with the first sentence of its description."""
    import ast
    from pathlib import Path

    import eval as judging

    found = {}
    for folder in judging.__path__:
        for file in sorted(Path(folder).glob(f"{PREFIX}*.py")):
            about = ast.get_docstring(ast.parse(file.read_text(encoding="utf-8"))) or ""
            found[file.stem.removeprefix(PREFIX)] = about.partition("\n")[0]
    return found
