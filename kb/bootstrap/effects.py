"""Measures changes of taxonomy and lexicon one after the other, each in a child process with low priority."""

import json
import logging
import subprocess
import sys
import threading
from collections.abc import Callable
from contextlib import suppress
from datetime import date

from kb.bootstrap.background_sync import child_environment
from kb.bootstrap.under_way import Piece, UnderWay
from kb.config import Settings
from kb.database.faults import explain
from kb.errors import NotReady
from kb.services.measure_effect import broken, write_effect
from kb.services.reference_edits import ReferenceEdit

TIME_LIMIT = 900.0
"""Seconds after which a child is ended: a shelf of 3,000 cases takes some five minutes on a busy machine."""
END_SECONDS = 10.0
"""What a child gets to clear its temporary folder away before it is killed."""
MOST_WAITING = 5
FAILED = "测算没有完成，可能是磁盘满了或机器太忙；再试一次，仍然不行请管理员看日志。"
_log = logging.getLogger(__name__)


class EffectMeasuring:
    """Measures in the background; `keep` is given the number of a change and its effect as text."""

    def __init__(self, settings: Settings, today: Callable[[], date], keep: Callable[[int, str], None]) -> None:
        self._settings = settings
        self._today = today
        self._keep = keep
        self._lock = threading.Lock()
        self._under_way = UnderWay(settings.data_folder / "effects")
        self._child: subprocess.Popen[str] | None = None
        self._is_closed = False
        self._before: object = None
        """What the last child found before the change; good for the next one while the content stays the same."""

    def stage_of(self, number: int) -> str:
        """How far the measurement of a change is, in whatever process of the server; "" when none is under way."""
        return self._under_way.words(number) if self._under_way.is_under_way(number) else ""

    def start(self, edit: ReferenceEdit) -> None:
        """Begins unless it is under way; raises NotReady when too many wait."""
        if self._is_closed or self._under_way.is_under_way(edit.number):
            return
        waiting = self._under_way.count()
        if waiting >= MOST_WAITING:
            raise NotReady("前面还有几次测算没有完。", advice="过几分钟再按“测算影响”。")
        try:
            piece = self._under_way.begin(edit.number, "排队" if waiting else "开始")
        except OSError as error:
            raise explain(error, self._settings.data_folder) from error
        if piece is not None:
            threading.Thread(target=self._work, args=(edit, piece), name="effect", daemon=True).start()

    def close(self) -> None:
        """Ends what is under way; it can be started again later."""
        with self._lock:
            self._is_closed = True
            child = self._child
        if child:
            child.terminate()

    def _work(self, edit: ReferenceEdit, piece: Piece) -> None:
        try:
            with self._under_way.turn("turn"):
                effect = "" if self._is_closed else self._measure(edit, piece)
            if effect:
                self._keep(edit.number, effect)
        except (OSError, ValueError, NotReady) as error:
            _log.error("effect of change %s not measured: %s", edit.number, error, exc_info=error)
        finally:
            piece.end()

    def _measure(self, edit: ReferenceEdit, piece: Piece) -> str:
        """The effect as text, "" when this process is ending."""
        task = {
            "content": str(self._settings.content_folder),
            "templates": str(self._settings.templates_folder),
            "path": edit.path,
            "text": edit.text,
            "today": self._today().isoformat(),
            "before": self._before,
        }
        with subprocess.Popen(
            [sys.executable, "-m", "kb.bootstrap.effect_child"],
            env=child_environment(self._settings),
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            encoding="utf-8",
        ) as child:
            ending = threading.Timer(TIME_LIMIT, child.terminate)
            ending.start()
            with self._lock:
                self._child = child
                if self._is_closed:
                    child.terminate()
            try:
                effect = self._follow(child, piece, json.dumps(task))
            finally:
                ending.cancel()
                _end(child)
                with self._lock:
                    self._child = None
        if effect or self._is_closed:
            return effect
        _log.error("effect of change %s: the child ended with status %s", edit.number, child.returncode)
        return write_effect(broken(FAILED))

    def _follow(self, child: "subprocess.Popen[str]", piece: Piece, task: str) -> str:
        assert child.stdin is not None and child.stdout is not None
        effect = ""
        with suppress(BrokenPipeError):
            child.stdin.write(task)
            child.stdin.close()
        for line in child.stdout:
            words = json.loads(line)
            if "before" in words:
                self._before = words["before"]
            elif "effect" in words:
                effect = json.dumps(words["effect"], ensure_ascii=False)
            else:
                piece.tell(str(words["stage"]))
        return effect


def _end(child: "subprocess.Popen[str]") -> None:
    child.terminate()
    try:
        child.wait(END_SECONDS)
    except subprocess.TimeoutExpired:
        child.kill()
