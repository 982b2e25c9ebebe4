from __future__ import annotations

import pytest
from lxml.html import fragment_fromstring

from api.markdown.markdown import to_html


def test_html_is_shown_not_run() -> None:
    assert to_html("<script>alert(1)</script>") == "<p>&lt;script&gt;alert(1)&lt;/script&gt;</p>\n"


def test_an_image_becomes_a_link() -> None:
    assert "<img" not in to_html("![x](http://x.test/p.png)")


@pytest.mark.parametrize(
    "url",
    [
        "javascript:alert(1)",
        "JaVaScRiPt:alert(1)",
        "data:text/html,x",
        "file:///etc/x",
        "/ask",
        "//x.test",
    ],
)
def test_only_links_to_the_web_and_to_mail_become_active(url: str) -> None:
    assert "<a" not in to_html(f"[text]({url})")


@pytest.mark.parametrize("url", ["/terms/", "../a.md", "./a", "#a", "a-b.html#c"])
def test_of_a_link_within_the_source_the_text_remains(url: str) -> None:
    assert to_html(f"a [few *words*]({url})") == "<p>a few <em>words</em></p>\n"


@pytest.mark.parametrize("notation", ["f[0](x)", "p[s](a, b)"])
def test_brackets_of_a_notation_stay(notation: str) -> None:
    assert to_html(notation) == f"<p>{notation}</p>\n"


@pytest.mark.parametrize("url", ["https://x.test/a", "http://x.test", "mailto:a@x.test"])
def test_a_safe_link_does_not_lend_the_page_to_its_target(url: str) -> None:
    assert to_html(f"[text]({url})") == (
        f'<p><a href="{url}" rel="noopener noreferrer nofollow">text</a></p>\n'
    )


def test_markers_link_to_their_sources() -> None:
    assert to_html("Said. [2]", citations=2) == (
        '<p>Said. <a class="marker" href="#source-2" aria-label="Source 2">2</a></p>\n'
    )


@pytest.mark.parametrize("text", ["Said. [3]", "Said. [0]", "`[1]`", "[a [1] b](https://x.test)"])
def test_brackets_that_are_no_marker_stay_text(text: str) -> None:
    assert 'class="marker"' not in to_html(text, citations=2)


def test_a_marker_stands_in_lists_and_tables_too() -> None:
    html = to_html("- item [1]\n\n| a |\n|---|\n| b [2] |\n", citations=2)
    assert html.count('class="marker"') == 2


def test_headings_stay_below_those_of_the_page_and_leave_no_level_out() -> None:
    assert to_html("# One\n\n##### Five") == "<h3>One</h3>\n<h4>Five</h4>\n"


X_SQUARED = "<mrow><msup><mi>x</mi><mn>2</mn></msup></mrow></math>"


@pytest.mark.parametrize("written", ["$x^2$", r"\(x^2\)"])
def test_a_formula_becomes_mathml(written: str) -> None:
    expected = f'<p>a <math display="inline" alttext="x^2">{X_SQUARED} b</p>\n'
    assert to_html(f"a {written} b") == expected


@pytest.mark.parametrize("written", ["$$x^2$$", r"\[x^2\]"])
def test_a_displayed_formula_may_scroll(written: str) -> None:
    html = to_html(written)
    assert 'class="formula" tabindex="0" role="group"><math display="block"' in html
    assert X_SQUARED in html


@pytest.mark.parametrize(
    "latex",
    [r"\unknown{x}", r"\frac" * 300, "{" * 100 + "}" * 100, "x" * 5_000, r"\left(" * 500],
    ids=["unknown", "unfinished", "deep", "long", "open"],
)
def test_what_cannot_be_read_as_a_formula_is_shown_as_code(latex: str) -> None:
    assert to_html(f"${latex}$") == f'<p><code class="latex">{latex}</code></p>\n'


@pytest.mark.parametrize(
    "latex",
    [
        r"\href{javascript:alert(1)}{x}",
        r"\text{</math><script>alert(1)</script>}",
        r"\style{background:url(http://x.test/)}{x}",
        r"\class{<img src=x onerror=alert(1)>}{x}",
    ],
)
def test_a_formula_cannot_become_markup(latex: str) -> None:
    tree = fragment_fromstring(to_html(f"${latex}$"), create_parent="div")
    assert not tree.xpath("//script | //img | //@href | //@style | //@onerror | //@onload")


def test_cells_are_aligned_without_a_style() -> None:
    html = to_html("| a | b |\n|---|--:|\n| 1 | 2 |")
    assert '<td>1</td>\n<td class="right">2</td>' in html
    assert "style" not in html


def test_a_price_is_no_formula() -> None:
    assert to_html("from $5 to $10") == "<p>from $5 to $10</p>\n"
