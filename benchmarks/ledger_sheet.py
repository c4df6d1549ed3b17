"""How long the ledger takes as a workbook: out, back, and looked over: `python -m benchmarks.ledger_sheet [--rows 5000]`.

Made-up adoptions in a kept database of their own, each with two result rows and the texts of a diligent unit. Prints one
JSON object of seconds, wall and processor time (children's apart), and whether what came back is the same.
"""

import argparse
import json
import resource
import tempfile
import time
from collections.abc import Callable
from contextlib import closing
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any, TypeVar

from kb.bootstrap.desk import Desk
from kb.bootstrap.exchanging import Exchanging
from kb.bootstrap.office_files import write_workbook
from kb.database.adoptions import SqlAdoptions
from kb.domain.accounts import Actor, Role
from kb.domain.adoption import Adoption, AdoptionStage, Manner
from kb.domain.ledger_table import READ_COLUMNS
from kb.domain.sheet_import import Verdict
from kb.services.adoptions import LedgerFilter
from tests.made_up import FILES, REFERENCE
from tests.services.memory_shelf import build_shelf

Answer = TypeVar("Answer")
STEWARD = Actor(1, "虚构库管员", "", frozenset({Role.STEWARD}))
TEXT = "把结对的人数从两人改成三人，逐月到场改成每两周到场一次，其余照做；每次会后把没有办成的事记下来，下次接着办。"
RESULTS = (
    {
        "measure": "不开会的支部",
        "before": "3",
        "before_on": "2025-12",
        "now": "0",
        "now_on": "2026-09",
        "counted_in": "个",
    },
    {"measure": "到会率", "before": "41%", "now": "87.6%", "now_on": "2026-09", "note": "照台账抄录"},
)


class View:
    reference = REFERENCE
    catalogue = build_shelf(REFERENCE, FILES).catalogue


def adoption(number: int) -> Adoption:
    return Adoption(
        0, f"虚构单位{number % 500:03}", f"mechanism-{number // 500}", "", 0, Manner.OWN, AdoptionStage.LANDED,
        "2026-03-01", "2026-04-01", "2026-09-01", "", f"{TEXT}（{number}）", RESULTS, "结对台账，存党建办公室",
        judged=("有可派的干部", "有固定的场所"), news_at="2026-09-01T00:00:00+00:00", made_at="2026-03-01T00:00:00+00:00",
    )  # fmt: skip


def timed(told: dict[str, Any], name: str, work: Callable[[], Answer]) -> Answer:
    began, used, children = time.perf_counter(), time.process_time(), _children()
    answer = work()
    told[name] = {
        "seconds": round(time.perf_counter() - began, 2),
        "processor": round(time.process_time() - used, 2),
        "children": round(_children() - children, 2),
    }
    return answer


def _children() -> float:
    used = resource.getrusage(resource.RUSAGE_CHILDREN)
    return used.ru_utime + used.ru_stime


def main() -> None:
    parser = argparse.ArgumentParser()
    parser.add_argument("--rows", type=int, default=5000)
    rows = parser.parse_args().rows
    told: dict[str, Any] = {"adoptions": rows}
    now = datetime(2026, 11, 26, tzinfo=UTC)
    with tempfile.TemporaryDirectory() as folder, closing(Desk(Path(folder), lambda: now)) as desk:
        exchanging = Exchanging(desk, Path(folder), lambda: date(2026, 11, 26), lambda _: {})
        with desk.writing() as session:
            for number in range(rows):
                SqlAdoptions(session).add(adoption(number))

        def out() -> bytes:
            with exchanging.ledger(View(), writes=True) as exchange:
                return write_workbook(exchange.take_out(STEWARD, LedgerFilter()))

        data = timed(told, "out", out)
        told["bytes"] = len(data)
        sheets = timed(told, "read back", lambda: exchanging.read("虚构.xlsx", data, READ_COLUMNS))

        def look_over() -> Any:
            with exchanging.ledger(View()) as exchange:
                return exchange.look_over(STEWARD, sheets)

        report = timed(told, "looked over", look_over)
        told["unchanged"] = report.counts[Verdict.UNCHANGED]
        told["is the same"] = report.is_sound and told["unchanged"] == rows
    told["peak megabytes"] = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024
    print(json.dumps(told, ensure_ascii=False))


if __name__ == "__main__":
    main()
