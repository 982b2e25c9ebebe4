"""HTML definition lists and one-term pages."""

from __future__ import annotations

import pytest

from corpus.draft import Draft
from corpus.readers import html
from corpus.report import Report


def read(text: str) -> tuple[list[Draft], Report]:
    report = Report("f", "html")
    return list(html.read(text, "f", report)), report


def body(text: str) -> str:
    ((draft,), _) = read(f"<dl><dt>T</dt><dd>{text}</dd></dl>")
    return draft.body


def test_a_definition_list_gives_terms_aliases_category_and_lines() -> None:
    drafts, report = read(
        "<h1>Glossary</h1>\n<h2>Chips</h2>\n<dl>\n<dt>GPU</dt><dt>card<a class='headerlink'>#</a>"
        "</dt>\n<dd>A chip.</dd><dd>Fast.</dd>\n<div><dt>CPU</dt><dd>Another.</dd></div></dl>"
    )
    assert [(d.term, d.aliases, d.category, d.source.line, d.body) for d in drafts] == [
        ("GPU", ("card",), "Chips", 4, "A chip.\n\nFast."),
        ("CPU", (), "Chips", 6, "Another."),
    ]
    assert report.problems == []


def test_a_page_gives_its_h1_and_main_content() -> None:
    (draft,), _ = read(
        "<html><head><title>GPU | Site</title></head><body><nav>menu</nav>"
        "<main><h1>GPU (Graphics Unit)</h1><p>A chip.</p><h2>Use</h2><p>Games.</p></main>"
        "<footer>foot</footer></body></html>"
    )
    assert draft.term == "GPU (Graphics Unit)"
    assert draft.aliases == ("GPU", "Graphics Unit")
    assert draft.body == "A chip.\n\n## Use\n\nGames."


def test_the_title_names_a_page_without_h1() -> None:
    (draft,), _ = read("<title>GPU - Site</title><p>A chip.</p>")
    assert (draft.term, draft.body) == ("GPU", "A chip.")


def test_an_h1_in_the_header_of_an_article_is_found() -> None:
    (draft,), _ = read("<article><header><h1>GPU</h1></header><p>A chip.</p></article>")
    assert (draft.term, draft.body) == ("GPU", "A chip.")


def test_scripts_styles_comments_and_handlers_never_reach_a_body() -> None:
    text = body(
        "<p onclick='bad()'>Seen.</p><script>bad()</script><style>bad</style><!-- bad -->"
        "<template>bad</template><noscript>bad</noscript><p hidden>bad</p>"
        "<a href='javascript:bad()'>link</a>"
    )
    assert text == "Seen.\n\nlink"


@pytest.mark.parametrize(
    ("source", "markdown"),
    [
        ("a <b>bold </b>and <em>soft</em>", "a **bold** and *soft*"),
        ("<code>a`b</code>", "``a`b``"),
        ("x &lt;y&gt; &amp; 2*3", "x \\<y> & 2\\*3"),
        ("<a href='https://e.org/a'>e</a> <a href='/local'>l</a>", "[e](https://e.org/a) l"),
        ("<ul><li>one</li><li>two</li></ul>", "- one\n- two"),
        ("<ol><li>one<ul><li>in</li></ul></li></ol>", "1. one\n\n   - in"),
        ("<pre><code class='language-c'>int a;\nb</code></pre>", "```c\nint a;\nb\n```"),
        (
            "<table><tr><th>a</th><th>b</th></tr><tr><td>1|2</td></tr></table>",
            "| a | b |\n| --- | --- |\n| 1\\|2 |  |",
        ),
        ("<blockquote><p>said</p></blockquote>", "> said"),
        ("<p># not a heading</p><p>1. nor a list</p>", "\\# not a heading\n\n1\\. nor a list"),
        ("<math alttext='x^2'><mi>x</mi></math>", "$x^2$"),
    ],
)
def test_markup_becomes_simple_markdown(source: str, markdown: str) -> None:
    assert body(source) == markdown


def test_deep_nesting_does_not_crash() -> None:
    (draft,), _ = read("<h1>T</h1>" + "<div>" * 1500 + "deep")
    assert draft.body == "deep"
    _, report = read("<h1>T</h1>" + "<div>" * 100_000 + "deep")
    assert "Excessive depth" in report.problems[0].message


def test_pages_without_content_or_title_are_told_apart() -> None:
    _, report = read("<!-- nothing -->")
    assert report.skipped == {"page without content": 1}
    _, report = read("<p>text</p>")
    assert report.problems[0].message == "page without a title or h1"
