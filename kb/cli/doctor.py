"""kb doctor: is everything in order, and what to do where it is not."""

import json
import sys

import click

from kb.bootstrap.examination import gather_facts
from kb.bootstrap.mailing import SmtpMailer
from kb.config import Settings, load_settings
from kb.services.examine_library import Facts, Trouble, examine


@click.command()
@click.option("--json", "as_json", is_flag=True, help="输出 JSON。")
@click.option("--mail", "tries_mail", is_flag=True, help="另外试一下连不连得上邮件服务器，不发邮件。")
def doctor(as_json: bool, tries_mail: bool) -> None:
    """核对内容、目录、索引是否一致，检查磁盘、权限、字体、版本、备份；只看不改。

    退出状态：0 没有问题（可能有提醒），1 有问题。
    """
    settings = load_settings()
    facts = gather_facts(settings)
    troubles = (*examine(facts), *(_try_mail(settings) if tries_mail else ()))
    if as_json:
        rows = [{**trouble._asdict(), "commands": list(trouble.commands)} for trouble in troubles]
        click.echo(json.dumps({"versions": facts.versions, "troubles": rows}, ensure_ascii=False, indent=2))
    else:
        click.echo(_summary(facts))
        click.echo(_mail(settings))
        for trouble in troubles:
            click.echo(_lines(trouble))
        if not troubles:
            click.echo("一切正常。")
    sys.exit(1 if any(trouble.is_error for trouble in troubles) else 0)


def _summary(facts: Facts) -> str:
    versions = "，".join(f"{name} {version}" for name, version in facts.versions.items())
    backup = facts.backup.ended_at if facts.backup else "无"
    return (
        f"{versions}\n内容 {facts.content_folder}：{facts.files} 个文件；读者能看到的案例 {facts.cases} 个，索引中 {facts.indexed} 个\n"
        f"数据 {facts.data_folder}：磁盘剩余 {facts.free // 1_000_000} MB；上次备份 {backup}"
    )


def _mail(settings: Settings) -> str:
    """Without user and password."""
    server = settings.smtp
    return (
        f"邮件：由 {server.host}:{server.port} 发出，发件人 {server.sender}"
        if server
        else "邮件：没有设置，消息只在页面上看"
    )


def _try_mail(settings: Settings) -> tuple[Trouble, ...]:
    if settings.smtp is None:
        return (Trouble("邮件", "没有设置邮件服务器。", "设置 KB_SMTP 和 KB_MAIL_FROM 后再试。", is_error=False),)
    fault = SmtpMailer(settings.smtp, settings.address).check()
    advice = "核对 KB_SMTP 的主机、端口、用户和口令，看防火墙放不放行。"
    return (Trouble("邮件", f"{fault}。", advice, is_error=True),) if fault else ()


def _lines(trouble: Trouble) -> str:
    mark = "错误" if trouble.is_error else "提醒"
    steps = "".join(f"\n    {command}" for command in trouble.commands)
    return f"{mark}〔{trouble.name}〕{trouble.message}{trouble.advice}{steps}"
