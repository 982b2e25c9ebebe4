from __future__ import annotations

import re
from dataclasses import replace
from io import StringIO

import pytest
from lxml import html
from rich.console import Console
from rich.markdown import Markdown

from eval.abstention import Bin
from eval.evaluation import Evaluation, QueryRecord, Retrieved
from eval.report import notation, plots
from eval.report.decisions import decisions
from eval.report.html import report_html
from eval.report.latency import StageLatency, stage_latencies
from eval.report.markdown import report_markdown
from eval.report.measured import Mean, task_tables
from eval.report.svg import Scale, ticks
from eval.report.worst import WORST, failures, weakest_rankings
from eval.statistics import Interval

HOSTILE = (
    "<script>alert(1)</script>\x00\x1b[31m\" onload='x' & | `{{ 7*7 }}`\u202e</style><img src=//e>"
)
ABSENT_NUMBER = re.compile(r"\b(?:[Nn]a[Nn]|[Ii]nf|None)\b")


def line(rank: int, term: str, *, relevant: bool = False, lexical: int | None = None) -> Retrieved:
    document_id = term.lower().replace(" ", "-")
    return Retrieved(rank, document_id, term, 1 / rank, relevant, None, rank, lexical)


LAMP = QueryRecord(
    text="What is a lamp?",
    kind="definition",
    answerable=True,
    standalone="What is a lamp?",
    answered=True,
    probability=0.9,
    retrieved=(line(1, "Table Lamp", relevant=True),),
    answer="A lamp gives light. [1]",
)
FAN = replace(
    LAMP,
    text="And the fan?",
    standalone="What is the fan?",
    kind="follow-up",
    probability=0.8,
    retrieved=(line(1, "Table Lamp"), line(2, "Desk Fan", relevant=True, lexical=7)),
    missing=("blades", "40 W"),
    answer="A fan moves air.\n\n- quietly",
)
DECLINED = replace(
    LAMP,
    text="What is a shade?",
    standalone="",
    answered=False,
    probability=0.3,
    retrieved=(),
    answer="Not here.",
)
UNANSWERABLE = replace(
    LAMP, text="Who is mayor?", kind="off topic", answerable=False, probability=0.7
)
RECORDS = {"q1": LAMP, "q2": FAN, "q3": DECLINED, "q4": UNANSWERABLE}
EVALUATION = Evaluation(
    name="hybrid",
    created="2026-03-01T09:05:00+01:00",
    dataset={"name": "workshop", "split": "dev", "digest": "abc123", "questions": 4},
    system={"snapshot": "5e1f", "embedder": "words", "weight": 0.25, "empty": ""},
    tasks={
        "retrieval": {
            "Success@1": {"q1": 1.0, "q2": 0.0, "q3": 0.0},
            "nDCG@10": {"q1": 1.0, "q2": 0.5, "q3": 0.0},
        },
        "answers": {
            "answered": {"q1": 1.0, "q2": 1.0, "q3": 0.0},
            "words": {"q1": 4.0, "q2": 6.0, "q3": 2.0},
        },
        "abstention": {
            "decided rightly": {"q1": 1.0, "q2": 1.0, "q3": 0.0, "q4": 0.0},
            "squared error": {"q1": 0.01, "q2": 0.04, "q3": 0.49, "q4": 0.49},
        },
    },
    records=RECORDS,
    stages_ms={"total": [float(n) for n in range(1, 101)], "dense": [2.0]},
    memory_mb={"now": 100.4, "peak": 1200.6},
)
RETRIEVAL_ONLY = replace(
    EVALUATION,
    tasks={"retrieval": EVALUATION.tasks["retrieval"]},
    records={q: replace(r, answered=None, missing=()) for q, r in RECORDS.items()},
    stages_ms={},
    memory_mb={},
)
NOTHING = replace(EVALUATION, tasks={}, records={}, stages_ms={}, memory_mb={})
EMPTY_TASKS = replace(NOTHING, tasks={"retrieval": {}, "families": {"nDCG@10": {}}})
ALL_ANSWERABLE = replace(
    EVALUATION,
    tasks={"abstention": {"squared error": {"q1": 0.01, "q2": 0.04}}},
    records={"q1": LAMP, "q2": FAN},
)
STATES = [EVALUATION, RETRIEVAL_ONLY, NOTHING, EMPTY_TASKS, ALL_ANSWERABLE]


def tree(*evaluations: Evaluation) -> html.HtmlElement:
    return html.document_fromstring(report_html(evaluations))


def words(element: html.HtmlElement) -> str:
    return " ".join(" ".join(element.itertext()).split())


def rows(page: html.HtmlElement, label: str) -> list[list[str]]:
    """Return the cells of the body of the table whose region has this label."""
    found = page.xpath("//div[@aria-label=$label]//tbody/tr", label=label)
    return [[words(cell) for cell in row.xpath("th|td")] for row in found]


def section(page: html.HtmlElement, name: str) -> str:
    return words(page.get_element_by_id(name))


def hostile() -> Evaluation:
    record = replace(
        UNANSWERABLE,
        text=HOSTILE,
        kind=HOSTILE,
        standalone=HOSTILE + "!",
        retrieved=(line(1, HOSTILE),),
        answer=HOSTILE,
        missing=(HOSTILE,),
    )
    return replace(
        EVALUATION,
        name=HOSTILE,
        created=HOSTILE,
        dataset={"name": HOSTILE, "split": HOSTILE, HOSTILE: HOSTILE},
        system={"snapshot": HOSTILE, HOSTILE: HOSTILE},
        tasks={**EVALUATION.tasks, HOSTILE: {HOSTILE: {HOSTILE: 0.5, "q1": 1.0}}}
        | {"retrieval": {"nDCG@10": {HOSTILE: 0.0}}},
        records={**RECORDS, HOSTILE: record},
        stages_ms={HOSTILE: [1.0]},
        memory_mb={HOSTILE: 1.0},
    )


def test_hostile_text_comes_out_as_text() -> None:
    page = tree(hostile(), hostile())
    assert page.xpath("//script | //img | //link | //iframe | //object | //base") == []
    assert len(page.xpath("//style")) == 1
    shown = "<script>alert(1)</script>[31m\" onload='x' & | `{{ 7*7 }}`</style><img src=//e>"
    assert page.xpath("//h1")[0].text_content() == shown
    assert shown in [found.text_content() for found in page.xpath("//pre[@class='answer']")]


def test_no_attribute_runs_or_loads_anything() -> None:
    for element in tree(hostile()).iter():
        for name, value in element.attrib.items():
            assert not name.startswith("on")
            assert name not in {"src", "srcset", "action", "style"}
            assert name != "href" or value.startswith("#")


def test_no_control_character_reaches_page_or_terminal() -> None:
    for text in (report_html([hostile()]), report_markdown(hostile())):
        assert re.findall(r"[\x00-\x08\x0b-\x1f\x7f-\x9f\u202a-\u202e]", text) == []


def test_the_page_asks_for_a_policy_that_forbids_loading_and_names_no_address() -> None:
    page = tree(EVALUATION)
    policy = page.xpath("//meta[@http-equiv='Content-Security-Policy']/@content")[0]
    assert policy.startswith("default-src 'none'; style-src 'unsafe-inline'; img-src data:")
    assert re.findall(r"https?:|//\w|@import|url\(", report_html([EVALUATION])) == []


def test_links_lead_to_sections_and_no_id_occurs_twice() -> None:
    page = tree(EVALUATION)
    ids = page.xpath("//@id")
    assert len(ids) == len({*ids})
    assert [target for target in page.xpath("//nav//@href") if target[1:] not in ids] == []


def test_every_plot_has_a_title_and_a_description() -> None:
    plots_found = tree(EVALUATION).xpath("//svg[@class='plot']")
    assert len(plots_found) == 6  # three tasks by kind, two of abstention, latency
    for plot in plots_found:
        assert [child.tag for child in plot[:2]] == ["title", "desc"]
        assert all(child.text for child in plot[:2])


def test_the_summary_says_what_was_judged_on_what_and_when() -> None:
    page = tree(EVALUATION)
    said = section(page, "summary")
    for fact in ("Name workshop", "Split dev", "Digest abc123", "Questions 4", "Snapshot 5e1f"):
        assert fact in said
    assert "2026-03-01 08:05 UTC" in said
    large = page.xpath("//ul[@class='figures']//span[@class='large']")
    assert [words(figure) for figure in large] == ["0.500", "0.667", "100.0 %", "50.0 ms"]


def test_a_task_shows_mean_interval_and_n_of_every_measure() -> None:
    found = rows(tree(EVALUATION), "Retrieval")
    assert [[row[0], row[2], row[4]] for row in found] == [
        ["Success@1", "0.333", "3"],
        ["nDCG@10", "0.500", "3"],
    ]
    # Clopper and Pearson for 1 of 3
    assert found[0][3] == "0.008–0.906"


def test_measures_that_only_describe_have_no_better_side() -> None:
    page = tree(EVALUATION)
    assert [row[0] for row in rows(page, "Answers")] == ["answered", "words"]
    assert [row[0] for row in rows(page, "Every decision")] == []
    assert [row[0] for row in rows(page, "Abstention")] == [
        "decided rightly",
        "squared error ↓ lower is better",
    ]


def test_slices_keep_the_order_in_which_kinds_occur() -> None:
    retrieval = task_tables([EVALUATION])[0]
    assert [(s.kind, [m.value for m in s.means if m]) for s in retrieval.slices] == [
        ("definition", [0.5, 0.5]),
        ("follow-up", [0.0, 0.5]),
    ]
    assert retrieval.rows[retrieval.leading].measure == "nDCG@10"


def test_abstention_counts_what_was_answered_of_each_sort() -> None:
    found = decisions(EVALUATION)
    assert found is not None
    assert found.unanswerable_answered is not None
    assert (found.unanswerable_answered.value, found.unanswerable_answered.count) == (1.0, 1)
    assert found.answerable_answered is not None
    assert found.answerable_answered.value == pytest.approx(2 / 3)
    assert found.brier is not None
    assert found.brier.value == pytest.approx((0.01 + 0.04 + 0.49 + 0.49) / 4)
    assert found.auroc is not None
    assert found.auroc.value == pytest.approx(2 / 3)  # 0.9 and 0.8 are above 0.7, 0.3 is below
    assert found.operating_point is not None
    assert found.operating_point[0] == 0.75


def test_weak_rankings_come_lowest_first_without_the_perfect_ones() -> None:
    weak = weakest_rankings(EVALUATION)
    assert [(found.query_id, found.value, found.first_relevant) for found in weak] == [
        ("q3", 0.0, None),
        ("q2", 0.5, 2),
    ]
    assert [found.verdict for found in weak] == [
        "nothing was retrieved",
        "first relevant at rank 2",
    ]


def test_a_weak_ranking_shows_what_each_channel_made_of_it() -> None:
    assert rows(tree(EVALUATION), "What was retrieved") == [
        ["1", "Table Lamp table-lamp", "1.000", "–", "1", "–"],
        ["2", "Desk Fan ✓ relevant desk-fan", "0.500", "–", "2", "7"],
    ]


def test_failures_are_sorted_by_what_went_wrong() -> None:
    found = failures(EVALUATION)
    assert [(sort.title, [query for query, _ in sort.queries]) for sort in found] == [
        ("Answers that lack required words", ["q2"]),
        ("Unanswerable questions that were answered", ["q4"]),
        ("Answerable questions that were declined", ["q3"]),
    ]
    said = section(tree(EVALUATION), "worst")
    assert "And the fan? q2 follow-up stated probability 0.800 missing: blades 40 W" in said
    assert "Searched for: What is the fan?" in said
    assert "A fan moves air. - quietly" in said


def test_the_surest_mistakes_come_first_and_the_rest_is_counted() -> None:
    many = {f"u{n}": replace(UNANSWERABLE, probability=n / 100) for n in range(WORST + 2)}
    wrong = failures(replace(EVALUATION, records=many))[0]
    assert [query for query, _ in wrong.queries][:2] == [f"u{WORST + 1}", f"u{WORST}"]
    assert (len(wrong.queries), wrong.count) == (WORST, WORST + 2)
    page = tree(replace(NOTHING, records=many))
    assert f"{WORST} of {WORST + 2}" in section(page, "worst")


def test_a_wrongly_declined_question_is_not_also_listed_as_incomplete() -> None:
    record = replace(DECLINED, missing=("shade",))
    found = failures(replace(EVALUATION, records={"q": record}))
    assert [sort.title for sort in found] == ["Answerable questions that were declined"]


def test_latency_has_nearest_rank_percentiles_and_the_total_last() -> None:
    assert stage_latencies(EVALUATION) == (
        StageLatency("dense", 2.0, 2.0, 2.0, 1),
        StageLatency("total", 50.0, 95.0, 99.0, 100),
    )
    said = section(tree(EVALUATION), "cost")
    assert "Total 50.0 ms 95.0 ms 99.0 ms 100" in said
    assert "Now 100 MiB Peak 1,201 MiB" in said


def test_the_configuration_holds_every_setting() -> None:
    said = section(tree(EVALUATION), "configuration")
    assert said == "Configuration Snapshot 5e1f Embedder words Weight 0.25 Empty –"


def test_further_evaluations_stand_beside_the_first() -> None:
    other = replace(
        EVALUATION,
        name="dense",
        tasks={"retrieval": {"nDCG@10": {"q1": 0.25}, "AP": {"q1": 0.5}}},
        stages_ms={},
    )
    page = tree(EVALUATION, other)
    by_name = {row[0]: row[1:] for row in rows(page, "Systems side by side")}
    assert by_name["Retrieval, nDCG@10"][1] == "0.250 95 % 0.250–0.250 · n 1"
    assert by_name["Latency, median per question"] == ["50.0 ms p95 95.0 ms · n 100", "–"]
    found = {row[0]: row for row in rows(page, "Retrieval")}
    assert found["Success@1"][-1] == "–"
    assert found["AP"][2:] == ["–", "–", "0", "0.500 0.500–0.500"]


def test_a_report_needs_an_evaluation() -> None:
    with pytest.raises(ValueError, match="a report needs an evaluation"):
        report_html([])


@pytest.mark.parametrize("evaluation", STATES)
def test_what_is_absent_is_never_written_as_a_number(evaluation: Evaluation) -> None:
    assert ABSENT_NUMBER.findall(report_html([evaluation])) == []
    assert ABSENT_NUMBER.findall(report_markdown(evaluation)) == []


def test_absent_parts_are_said_or_left_out() -> None:
    page = tree(RETRIEVAL_ONLY)
    assert page.xpath("//*[@id='abstention']") == []
    assert "No durations were recorded." in section(page, "cost")
    assert "No memory was recorded." in section(page, "cost")
    assert "No query was judged in this task." in section(tree(EMPTY_TASKS), "measures")
    assert "Nothing was measured." in section(tree(NOTHING), "summary")
    assert "no answer went wrong" in section(tree(NOTHING), "worst")
    assert "No unanswerable question was asked" in section(tree(ALL_ANSWERABLE), "abstention")
    assert "AUROC" not in section(tree(ALL_ANSWERABLE), "abstention")


def test_markdown_tells_the_same_facts() -> None:
    text = report_markdown(EVALUATION)
    for row in (
        "| Dataset split | dev |",
        "| nDCG@10 | 0.500 |",
        "| definition | 0.500 | ",
        "| Unanswerable questions | answered | **100.0 %** |",
        "| answerable questions answered | 66.7 % | 9.4–99.2 % | 3 |",  # 2 of 3
        "| total | 50.0 ms | 95.0 ms | 99.0 ms | 100 |",
        "| 0.500 | q2 | And the fan? | follow-up | first relevant at rank 2 | 1. Table",
        "| q2 | And the fan? | blades, 40 W | A fan moves air. quietly |",
        "| Embedder | words |",
    ):
        assert row in text
    assert "Resident memory: now 100 MiB, peak 1,201 MiB." in text


def test_hostile_text_stays_within_its_markdown_cell() -> None:
    tables = re.findall(r"(?:^\|.*\n)+", report_markdown(hostile()), re.MULTILINE)
    for table in tables:
        edges = [len(re.findall(r"(?<!\\)\|", row)) for row in table.splitlines()]
        assert len({*edges}) == 1
        assert re.findall(r"(?<!\\)[<`]", table) == []


def test_markdown_renders_in_a_terminal() -> None:
    console = Console(width=100, file=StringIO(), record=True)
    console.print(Markdown(report_markdown(EVALUATION)))
    lines = [line.split() for line in console.export_text().splitlines()]
    assert ["Success@1", "0.333", "0.008–0.906", "3"] in lines


def test_a_bar_spans_its_mean_and_its_whisker_its_interval() -> None:
    drawn = plots.bars("By kind", "nDCG@10", [("a <b>", Mean(0.5, Interval(0.25, 0.75), 4))])
    # 0 to 1 on 12 to 348: 336 units
    assert '<rect class="bar" x="12" y="23" width="168" height="9"' in drawn
    assert '<line class="whisker" x1="96" y1="27.5" x2="264" y2="27.5"/>' in drawn
    assert "a &lt;b&gt; 0.500 [0.250–0.750], n 4" in drawn
    assert 'viewBox="0 0 360 76"' in drawn


def test_a_curve_goes_through_its_points_and_marks_where_the_system_stands() -> None:
    drawn = plots.risk_coverage_curve("Risk", [(0.5, 0.0), (1.0, 0.5)], (0.5, 0.0))
    # coverage 0 to 1 on 40 to 346, risk 0 to 0.5 on 246 to 46
    assert '<polyline class="curve" points="193,246 346,46"/>' in drawn
    assert '<circle class="operating" cx="193" cy="246" r="5">' in drawn
    assert "50.0 % answered, 0.0 % of them wrong" in drawn


def test_a_curve_without_points_is_just_its_axes() -> None:
    drawn = plots.risk_coverage_curve("Risk", [])
    assert "polyline" not in drawn
    assert 'class="operating"' not in drawn


def test_the_area_of_a_circle_is_its_share_of_the_questions() -> None:
    bins = [Bin(0.0, 0.1, 0.05, 0.0, 16), Bin(0.5, 0.6, 0.5, 1.0, 4), Bin(0.9, 1, 0.9, 1.0, 0)]
    drawn = plots.reliability_diagram("Reliability", bins)
    assert re.findall(
        r'<circle class="bin" cx="[\d.]+" cy="[\d.]+" r="([\d.]+)"><title>', drawn
    ) == [
        "11",
        "5.5",
    ]
    assert '<line class="diagonal" x1="40" y1="246" x2="346" y2="46"/>' in drawn


def test_percentiles_lie_one_over_the_other_from_zero() -> None:
    drawn = plots.latency("Latency", [StageLatency("dense", 1.0, 2.0, 4.0, 9)])
    widths = re.findall(r'<rect class="(p\d+)" x="12" y="45" width="(\d+)"', drawn)
    assert widths == [("p99", "336"), ("p95", "168"), ("p50", "84")]
    assert "1.00 / 2.00 / 4.00 ms" in drawn


def test_a_strip_is_only_drawn_for_shares() -> None:
    assert 'width="1.2"' in plots.strip(Mean(0.5, Interval(0.4, 0.6), 3))
    assert plots.strip(Mean(74.0, Interval(70.0, 80.0), 3)) == ""


@pytest.mark.parametrize(
    ("high", "values"),
    [
        (1.0, [0, 0.2, 0.4, 0.6, 0.8, 1]),
        (7.47, [0, 2, 4, 6, 8]),
        (0.05, [0, 0.01, 0.02, 0.03, 0.04, 0.05]),
        (1234.0, [0, 250, 500, 750, 1000, 1250]),
        (0.0, [0, 1]),
        (float("nan"), [0, 1]),
    ],
)
def test_ticks_are_round_and_reach_the_highest_value(high: float, values: list[float]) -> None:
    assert ticks(high) == pytest.approx(values)


@pytest.mark.parametrize(("value", "place"), [(0, 10), (1, 15), (9, 20), (-1, 10)])
def test_a_scale_keeps_values_within_its_ends(value: float, place: float) -> None:
    assert Scale(2, 10, 20)(value) == place


def test_numbers_are_written_as_they_are_read() -> None:
    assert [notation.number(v) for v in (0.12345, -1, 1234.56)] == ["0.123", "-1.000", "1,234.6"]
    assert [notation.number(v) for v in (float("nan"), float("inf"))] == ["–", "–"]
    assert [notation.duration(v) for v in (0.123, 45.67, 678.9, 12345)] == [
        "0.12 ms",
        "45.7 ms",
        "679 ms",
        "12.35 s",
    ]
    assert [notation.fact(v) for v in (True, 0.1, 12, "", "x")] == ["yes", "0.1", "12", "–", "x"]
    assert [notation.counted(n, "query", "queries") for n in (1, 2)] == ["1 query", "2 queries"]
    assert notation.moment("yesterday") == "yesterday"
    assert notation.shortened("a  lamp\nand a fan", 8) == "a lamp…"


def test_an_answer_among_the_worst_is_shown_without_its_marks() -> None:
    marked = replace(FAN, answer="**Fan**: moves `air` \\* [1]\n\n| a | b |\n| --- | --- |\n")
    shown = report_markdown(replace(EVALUATION, records={**RECORDS, "q2": marked}))
    assert "| q2 | And the fan? | blades, 40 W | Fan: moves air a b |" in shown


def test_the_legend_says_which_interval_is_which() -> None:
    for shown in (report_markdown(EVALUATION), report_html([EVALUATION])):
        assert "95 %: for shares of the questions the exact binomial interval" in shown


def test_a_task_without_a_judged_query_has_no_heading_in_the_terminal() -> None:
    shown = report_markdown(EMPTY_TASKS)
    for heading in ("Retrieval", "Families", "Latency and memory", "Worst queries"):
        assert f"## {heading}" not in shown
