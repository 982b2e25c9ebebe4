"""`aifactory eval`: judge retrieval, answers, abstention and follow-ups; compare and report."""

from __future__ import annotations

import datetime
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from api.commands.feedback import feedback
from api.commands.options import AsJson, Home, named_path

if TYPE_CHECKING:
    from eval.evaluate import Part
    from eval.evaluation import Evaluation
    from rag.hit import Mode
    from rag.settings import Settings

evaluate = typer.Typer(
    no_args_is_help=True,
    help="Judge retrieval, answers, abstention and follow-ups; compare results and report them.",
)
evaluate.command()(feedback)

Folder = Annotated[
    Path | None,
    typer.Argument(
        metavar="DATASET",
        parser=named_path,
        help="A folder in BEIR layout; none: the questions on the bundled glossary.",
    ),
]
Split = Annotated[str, typer.Option("--split", help="Of the judgments: qrels/SPLIT.tsv.")]
Name = Annotated[str | None, typer.Option("--name", help="What tables call this result.")]
Out = Annotated[
    Path | None,
    typer.Option(
        "--out",
        metavar="FOLDER",
        parser=named_path,
        help="Where the result and its report go; default: evaluations/ in the home.",
    ),
]
SearchMode = Annotated[str, typer.Option("--mode", help="hybrid, dense or lexical.")]
Depth = Annotated[int, typer.Option("-k", "--depth", min=1, help="Hits judged per question.")]
Results = Annotated[
    list[Path],
    typer.Argument(
        metavar="RESULT...", parser=named_path, help="Results of this command: files or folders."
    ),
]


@evaluate.command("run")
def run_all(
    dataset: Folder = None,
    split: Split = "dev",
    name: Name = None,
    out: Out = None,
    home: Home = None,
    as_json: AsJson = False,
) -> None:
    """Judge everything that the dataset has questions for."""
    from eval.evaluate import Part

    _judge(dataset, split, tuple(Part), name, out, home, as_json)


@evaluate.command()
def retrieval(
    dataset: Folder = None,
    split: Split = "dev",
    mode: SearchMode = "hybrid",
    depth: Depth = 100,
    run: Annotated[
        Path | None,
        typer.Option(
            "--run",
            metavar="FILE",
            parser=named_path,
            help="Judge this TREC run file of any system instead of searching; kept with --out.",
        ),
    ] = None,
    name: Name = None,
    out: Out = None,
    home: Home = None,
    as_json: AsJson = False,
) -> None:
    """Judge the ranking of entries, and of families of entries; write it as a TREC run file."""
    from eval.evaluate import Part
    from rag.hit import Mode

    if run is not None:
        _judge_run(run, dataset, split, name, out, as_json)
        return
    chosen = Mode(_one_of("--mode", mode, tuple(Mode)))
    _judge(dataset, split, (Part.RETRIEVAL,), name, out, home, as_json, chosen, depth)


@evaluate.command()
def answers(
    dataset: Folder = None,
    split: Split = "dev",
    name: Name = None,
    out: Out = None,
    home: Home = None,
    as_json: AsJson = False,
) -> None:
    """Judge answers and their citations, and when the system declines to answer."""
    from eval.evaluate import Part

    _judge(dataset, split, (Part.ANSWERS,), name, out, home, as_json)


@evaluate.command()
def conversations(
    dataset: Folder = None,
    split: Split = "dev",
    name: Name = None,
    out: Out = None,
    home: Home = None,
    as_json: AsJson = False,
) -> None:
    """Judge follow-up questions: as resolved, as typed, and as a person would complete them."""
    from eval.evaluate import Part

    _judge(dataset, split, (Part.CONVERSATIONS,), name, out, home, as_json)


@evaluate.command()
def compare(
    results: Results,
    gate: Annotated[
        bool,
        typer.Option(
            "--gate",
            help="Exit with 1 when a result is significantly worse or lacks something.",
        ),
    ] = False,
    dataset: Annotated[
        Path | None,
        typer.Option(
            "--dataset",
            metavar="DATASET",
            parser=named_path,
            help="The folder that judges TREC run files among the results.",
        ),
    ] = None,
    split: Split = "dev",
    as_json: AsJson = False,
) -> None:
    """Compare results with the first one, query by query, with tests and intervals."""
    from api.terminal.terminal import output, print_json
    from eval.comparison import compare as compare_results
    from eval.comparison_markdown import comparison_markdown
    from eval.dataset_reading import read_dataset
    from eval.foreign_run import evaluate_run
    from eval.keeping import result_file

    files = [result_file(path) for path in results]
    judged = read_dataset(dataset, split) if dataset else None
    read = [
        evaluate_run(file, judged) if judged and file.suffix != ".json" else _read_result(file)
        for file in files
    ]
    comparison = compare_results(read)
    if as_json:
        print_json(comparison.to_json())
    else:
        output().print(comparison_markdown(comparison), soft_wrap=True)
    if gate and not comparison.passes():
        raise typer.Exit(1)


@evaluate.command()
def report(
    results: Results,
    html: Annotated[
        Path | None,
        typer.Option(
            "--html", metavar="FILE", parser=named_path, help="Write one self-contained page."
        ),
    ] = None,
) -> None:
    """Show results as tables; with --html as a page with plots, several side by side."""
    from api.terminal.terminal import notice, output
    from eval.evaluation import read_evaluation
    from eval.keeping import result_file, write_report
    from eval.report.markdown import report_markdown

    read = [read_evaluation(result_file(path)) for path in results]
    if html is None:
        for evaluation in read:
            output().print(report_markdown(evaluation), soft_wrap=True)
        return
    write_report(html, read)
    notice(f"wrote {html}")


@evaluate.command("calibrate")
def calibrate_model(
    dataset: Folder = None,
    split: Split = "dev",
    save: Annotated[
        bool, typer.Option("--save", help="Use the fit from now on: it is kept in the home.")
    ] = False,
    limit: Annotated[
        float,
        typer.Option(
            "--limit",
            min=0.0,
            max=1.0,
            help="Share of unanswerable questions answered at most, every kind counted alike.",
        ),
    ] = 0.10,
    home: Home = None,
    as_json: AsJson = False,
) -> None:
    """Fit the decision to answer to labelled questions on the live glossary.

    The fit starts from the model that ships: the fewer questions, the nearer it stays.
    """
    from api.commands.opening import open_live
    from api.commands.options import settings
    from api.terminal.terminal import notice, output, print_json
    from eval.calibrate import calibration_lines, counts, labelled_questions, write_model
    from eval.calibration import calibrate
    from eval.dataset_reading import read_dataset
    from eval.datasets import BUNDLED
    from eval.documents import document_ids
    from rag.answerable import FILE, load_answerable

    chosen = settings(home)
    judged = read_dataset(dataset or BUNDLED, split)
    shipped = load_answerable()
    chat = open_live(home, answerable=shipped)
    document_ids(judged, chat.index)
    questions = list(labelled_questions(chat, judged))
    trained_on = {f"{judged.name} {split}": counts(questions)}
    fitted = calibrate(questions, trained_on, shipped, limit)
    if as_json:
        print_json({**fitted.model.to_json(), "auroc": fitted.auroc})
    else:
        output().print("\n".join([f"fitted to {counts(questions)}", *calibration_lines(fitted)]))
    if save:
        write_model(fitted, chosen.home / FILE)
        notice(f"kept in {chosen.home / FILE}; remove the file to return to the shipped model")


def _judge(
    folder: Path | None,
    split: str,
    parts: tuple[Part, ...],
    name: str | None,
    out: Path | None,
    home: Path | None,
    as_json: bool,
    mode: Mode | None = None,
    depth: int = 100,
) -> None:
    from api.commands.opening import open_live
    from api.commands.options import settings
    from api.terminal.evaluation_progress import counting
    from api.terminal.evaluation_text import print_evaluation
    from api.terminal.terminal import notice, notices
    from api.version import version
    from eval.dataset_reading import read_dataset
    from eval.datasets import BUNDLED
    from eval.evaluate import Evaluator, count_questions
    from eval.keeping import claim_folder, keep, make_folder, only_if_filled
    from rag.hit import Mode

    dataset = read_dataset(folder or BUNDLED, split)
    for warning in dataset.warnings:
        notice(f"note: {warning}")
    chosen = settings(home)
    described = {"version": version(), **_described(chosen)}
    with counting(notices(), count_questions(dataset, parts)) as advance:
        evaluator = Evaluator(open_live(home), dataset, mode or Mode.HYBRID, depth, advance)
        begun = datetime.datetime.now(datetime.UTC).isoformat(timespec="seconds")
        kept = make_folder(out) if out else claim_folder(chosen.home, dataset, begun)
        with only_if_filled(kept):
            evaluation = evaluator.evaluate(parts, name or f"{dataset.name} {split}", described)
    print_evaluation(evaluation, as_json)
    keep(kept, evaluation, evaluator.run)
    notice(f"kept in {kept}")


def _judge_run(
    run: Path,
    folder: Path | None,
    split: str,
    name: str | None,
    out: Path | None,
    as_json: bool,
) -> None:
    """Judge a run file; without a folder to keep the result in, it is only printed."""
    from api.terminal.evaluation_text import print_evaluation
    from api.terminal.terminal import notice
    from eval.dataset_reading import read_dataset
    from eval.datasets import BUNDLED
    from eval.foreign_run import evaluate_run
    from eval.keeping import keep, make_folder

    evaluation = evaluate_run(run, read_dataset(folder or BUNDLED, split), name)
    if out is not None:
        make_folder(out)
    print_evaluation(evaluation, as_json)
    if out is not None:
        keep(out, evaluation, None)
        notice(f"kept in {out}")


def _read_result(file: Path) -> Evaluation:
    """Read a result; what may be a run file is refused with a hint at what judges it."""
    from eval.errors import EvaluationUnreadable
    from eval.evaluation import read_evaluation

    try:
        return read_evaluation(file)
    except EvaluationUnreadable as error:
        if file.suffix == ".json" or not file.is_file():
            raise
        raise EvaluationUnreadable(
            f"{error}; if it is a TREC run file, name the folder that judges it with --dataset"
        ) from None


def _one_of(option: str, value: str, choices: tuple[str, ...]) -> str:
    from api.errors import OptionInvalid

    if value not in choices:
        raise OptionInvalid(f"{option} is {value!r}; the choices are {', '.join(choices)}")
    return value


def _described(settings: Settings) -> dict[str, str]:
    """Return the settings that bear on an answer, as text."""
    told = settings.model_dump(exclude={"home", "keep_snapshots"})
    return {name: str(value) for name, value in told.items()}
