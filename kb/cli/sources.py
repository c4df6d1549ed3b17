"""kb sources: care for the provenance records."""

import sys

import click

from kb.bootstrap import Content
from kb.config import load_settings


@click.group()
def sources() -> None:
    """核对出处记录。"""


@sources.command(short_help="核对出处记录是否齐全、有没有用到")
def check() -> None:
    """退出状态：0 齐全，1 有问题。没有用到的记录只列出，不算问题。"""
    report = Content(load_settings()).check_sources()
    for finding in report.findings:
        click.echo(f"{finding.path} {finding.message}{finding.advice}")
    click.echo(f"出处记录用到 {len(report.uses)} 份，没有用到 {len(report.unused)} 份。")
    for record in report.unused:
        click.echo(f"  没有用到：{record.id} {record.title}（{record.publisher}）")
    sys.exit(1 if report.findings else 0)
