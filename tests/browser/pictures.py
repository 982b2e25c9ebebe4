"""Take pictures of ten entries, so that a person can look at them.

python -m tests.browser.pictures FOLDER [--source PATH | --home HOME]

The ten are chosen so that together they show everything that an entry can have. Of each there are
three pictures of the whole page: light, dark, and as narrow as a telephone. `FOLDER/index.html`
shows them all side by side. Without --source and --home it is the bundled glossary.
"""

from __future__ import annotations

import argparse
import json
import shutil
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from html import escape
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from playwright.sync_api import Browser, Page, sync_playwright

from tests.browser.conftest import ARGUMENTS, ONLY_HERE, ROOT, run, serving

MOST_ENTRIES = 10
PARTS = {
    "formulas": ".prose math",
    "formulas on lines of their own": ".prose .formula",
    "tables": ".prose table",
    "lists": ".prose ul",
    "steps": ".prose ol",
    "lists in lists": ".prose li li",
    "code blocks": ".prose pre",
    "code in the text": ".prose :not(pre) > code",
    "aliases": ".entry .aliases",
    "category": ".entry .category",
    "twins": ".entry .twins",
    "sections": ".prose :is(h2, h3)",
    "sections in sections": ".prose :is(h4, h5, h6)",
    "related entries": ".related",
}
NARROW = {"width": 320, "height": 640}
WIDE = {"width": 1280, "height": 800}
LOOKS: Mapping[str, dict[str, Any]] = {
    "light": {"viewport": WIDE, "color_scheme": "light"},
    "dark": {"viewport": WIDE, "color_scheme": "dark"},
    "narrow": {"viewport": NARROW, "device_scale_factor": 2},
}
SHOWN_PARTS = """async ([ids, parts]) => Promise.all(ids.map(async (id) => {
    const response = await fetch(`/glossary/${id}`);
    const page = new DOMParser().parseFromString(await response.text(), "text/html");
    return Object.keys(parts).filter((name) => page.querySelector(parts[name]));
}))"""
INDEX = """<!doctype html><html lang="en"><meta charset="utf-8"><title>Pictures of entries</title>
<style>body {{ font: 16px/1.5 sans-serif }} div {{ display: flex; gap: 1rem; align-items: start }}
img {{ border: 1px solid #888; max-width: 42% }} img:last-child {{ max-width: 14% }}</style>
{sections}</html>
"""


def chosen(shown: Mapping[str, Sequence[str]], most: int = MOST_ENTRIES) -> list[str]:
    """Return the ids of entries that together show every part, rare parts first."""
    left, taken, seen = dict(shown), list[str](), Counter[str]()
    while left and len(taken) < most:

        def worth(entry_id: str) -> tuple[int, float]:
            parts = left[entry_id]
            unseen = sum(not seen[part] for part in parts)
            return unseen, sum(1 / (1 + seen[part]) for part in parts)

        best = max(left, key=worth)
        taken.append(best)
        seen.update(left.pop(best))
    return taken


def parts_of(page: Page, ids: Sequence[str]) -> dict[str, list[str]]:
    """Return what each entry shows, as its page has it; the page is one of the same server."""
    return dict(zip(ids, page.evaluate(SHOWN_PARTS, [ids, PARTS]), strict=True))


def take(browser: Browser, url: str, ids: Sequence[str], folder: Path) -> dict[str, list[str]]:
    """Save the pictures; return the entries that are on them, with what each shows."""
    context = browser.new_context(base_url=url)
    page = context.new_page()
    page.goto("/glossary")
    shown = parts_of(page, ids)
    context.close()
    taken = chosen(shown)
    for look, options in LOOKS.items():
        context = browser.new_context(base_url=url, reduced_motion="reduce", **options)
        page = context.new_page()
        for entry_id in taken:
            page.goto(f"/glossary/{entry_id}")
            page.screenshot(path=folder / f"{entry_id}-{look}.png", full_page=True)
        context.close()
    return {entry_id: shown[entry_id] for entry_id in taken}


def write_index(shown: Mapping[str, Sequence[str]], folder: Path) -> Path:
    """Write the page that shows all pictures; return its file."""
    sections = "".join(
        f"<h2>{escape(entry_id)}</h2><p>{escape(', '.join(parts))}</p><div>"
        + "".join(f'<img src="{entry_id}-{look}.png" alt="{look}">' for look in LOOKS)
        + "</div>\n"
        for entry_id, parts in shown.items()
    )
    file = folder / "index.html"
    file.write_text(INDEX.format(sections=sections), encoding="utf-8")
    return file


@contextmanager
def home_of(home: Path | None, source: Path) -> Iterator[Path]:
    """Give a home with a glossary: the one that is there, or a new one made of the source."""
    if home is not None:
        yield home
        return
    with TemporaryDirectory() as temporary:
        run(Path(temporary), "ingest", str(source))
        yield Path(temporary)


def main() -> None:
    """Choose ten entries of a glossary and take their pictures."""
    parser = argparse.ArgumentParser(prog="python -m tests.browser.pictures", description=__doc__)
    parser.formatter_class = argparse.RawDescriptionHelpFormatter
    parser.add_argument("folder", type=Path)
    glossary = parser.add_mutually_exclusive_group()
    glossary.add_argument("--source", type=Path, default=ROOT / "corpus" / "glossary")
    glossary.add_argument("--home", type=Path, help="of a glossary that is ingested already")
    asked = parser.parse_args()
    asked.folder.mkdir(parents=True, exist_ok=True)
    with home_of(asked.home, asked.source) as home, sync_playwright() as playwright:
        ids = [entry["entry_id"] for entry in json.loads(run(home, "entries", "--json"))]
        browser = playwright.chromium.launch(
            executable_path=shutil.which("chromium"), args=[*ARGUMENTS, ONLY_HERE]
        )
        with serving(home) as server:
            shown = take(browser, server.url, ids, asked.folder)
        browser.close()
    for entry_id, parts in shown.items():
        print(f"{entry_id:40}", ", ".join(parts))
    print(write_index(shown, asked.folder))


if __name__ == "__main__":
    main()
