"""kb remind: tell what has gone quiet or comes due, and send messages on by e-mail."""

import json
import sys

import click

from kb.bootstrap import open_library
from kb.bootstrap.reminding import Reminded, remind
from kb.config import load_settings
from kb.services.remind import Reminder


@click.command("remind")
@click.option("--json", "as_json", is_flag=True, help="输出 JSON。")
def remind_(as_json: bool) -> None:
    """提醒：采用三十天、一百八十天没有报进展，督导督查过了期限，推广计划十四天内到目标日期，待征集问题三十天没有交办，案例到复核日期。

    同一件事只提醒一次，有了新进展才重新计日；可以天天运行，`kb serve` 开着时每天自动运行一次。设置了 KB_SMTP 的，没有看的消息也发到邮箱。
    退出状态：0 办完，1 有邮件没有发出去（下次再发），2 办不了。
    """
    library = open_library(load_settings())
    try:
        done = remind(library)
    finally:
        library.close()
    click.echo(_as_json(done) if as_json else _in_words(done))
    sys.exit(1 if done.mail and done.mail.reason else 0)


def _as_json(done: Reminded) -> str:
    given = [{**one._asdict(), "kind": one.kind.value} for one in done.given]
    return json.dumps(
        {"given": given, "mail": done.mail._asdict() if done.mail else None}, ensure_ascii=False, indent=2
    )


def _in_words(done: Reminded) -> str:
    lines = [f"{one.text}（{one.people} 人）" for one in done.given] or ["没有新的要提醒。"]
    counts = [(kind.label, sum(one.kind is kind for one in done.given)) for kind in Reminder]
    if done.given:
        lines.append("共提醒：" + "，".join(f"{label} {count} 件" for label, count in counts if count) + "。")
    if done.mail:
        failed = f"，{done.mail.failed} 封没有发出去：{done.mail.reason}，下次再发" if done.mail.reason else ""
        lines.append(f"邮件：发出 {done.mail.sent} 封{failed}。")
    return "\n".join(lines)
