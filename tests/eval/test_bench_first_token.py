"""What the benchmark of the first sentence counts from."""

from __future__ import annotations

from eval.bench_first_token import Round, script_of
from eval.load.streaming import Followed
from eval.load.timed_model import Told


def test_a_sentence_needs_its_marker_and_the_word_after_it() -> None:
    script = script_of("What is a kettle?", ["It boils water.", "It is loud."])
    assert script.words == ("It", "boils", "water.", "[1]", "It", "is", "loud.", "[1]")
    assert (script.shown, script.needed) == (3, 5)


def test_processing_leaves_out_what_the_model_took() -> None:
    script = script_of("What is a kettle?", ["It boils water.", "It is loud."])
    told = Told(10.007, [10.1, 10.11, 10.12, 10.13, 10.14, 10.15])
    direct = Followed(200, 101.0, 121.0, 300.0, True, 10.0, "It boils water.")
    ours = Followed(200, 143.0, 143.0, 300.0, True, 10.0, "It boils water. [1]")
    one = Round(script, direct, ours, told)
    assert one.is_released
    assert round(one.before_ms, 6) == 7
    assert round(one.after_ms, 6) == 3
    assert (one.behind_words_ms, one.behind_first_ms) == (22, 42)
