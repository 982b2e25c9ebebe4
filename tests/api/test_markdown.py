from __future__ import annotations

import pytest

from api.markdown import to_html


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


def test_headings_stay_below_those_of_the_page() -> None:
    assert to_html("# One\n\n##### Five") == "<h3>One</h3>\n<h6>Five</h6>\n"


def test_a_formula_keeps_its_characters() -> None:
    html = to_html(r"with $a_1 * b_1 < \{c\}$ here")
    assert html == r'<p>with <code class="formula">a_1 * b_1 &lt; \{c\}</code> here</p>' + "\n"


def test_a_price_is_no_formula() -> None:
    assert to_html("from $5 to $10") == "<p>from $5 to $10</p>\n"
