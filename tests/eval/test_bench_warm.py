from __future__ import annotations

from eval.bench_warm import time_all


def test_stages_are_collected_per_query_without_their_total() -> None:
    told = {"lamp": {"embed": 1.0, "rank": 2.0, "total": 3.0}, "fan": {"embed": 4.0, "total": 4.0}}
    totals, stages = time_all(told.__getitem__, ["lamp", "fan", "lamp"])
    assert len(totals) == 3
    assert stages == {"embed": [1.0, 4.0, 1.0], "rank": [2.0, 2.0]}
