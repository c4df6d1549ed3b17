"""A new library folder: settings file, content, case templates; everything one office owns in one place."""

import shutil
from pathlib import Path

from kb.paths import LIBRARY_FILE, shipped
from kb.repository.durable import building_folder, write_file

REFERENCE_FOLDERS = ("taxonomy", "lexicon")
SHELF_FOLDERS = ("cases", "mechanisms", "sources", "questions")
SETTINGS = """\
# 党建创新案例库的设置。同名的环境变量（写在括号里）优先于这里。
# content = "content"        # 内容：案例、机制、问题类型、词典、出处记录（KB_CONTENT）
# data = "data"              # 数据：目录和索引（可重建）、留存的记录、日志（KB_DATA）
templates = "templates"      # 案例和机制的模板（KB_TEMPLATES）
host = "127.0.0.1"           # 服务的地址（HOST）
port = 8000                  # 服务的端口（PORT）
result_cache = true          # 检索结果是否留存到内容变动为止（KB_RESULT_CACHE）
# address = "https://anli.example.cn"  # 读者输入的网址；写了就只应答这个网址（KB_ADDRESS）
# proxy = "127.0.0.1"        # 前面有反向代理时它的地址，只信它说的来源（KB_PROXY）
password_days = 0            # 密码多少天到期，0 不限（KB_PASSWORD_DAYS）
# embed = ["https://www.example.gov.cn"]  # 可以把“推广中的机制”嵌在自己网页里的网站（KB_EMBED）
# smtp = "smtps://用户:口令@mail.example.cn:465"  # 消息也发到邮箱时的服务器；口令最好放在环境变量里（KB_SMTP）
# mail_from = "anli@example.cn"  # 邮件的发件人（KB_MAIL_FROM）
proof_megabytes = 1000       # 每个单位的凭据文件一共最多多少 MB，去掉的也算（KB_PROOF_MEGABYTES）
git = false                  # 每次修订是否提交到内容文件夹所在的 git 仓库（KB_GIT）
faces = "official"            # 导出文件用哪套字体的名称：official 公文标准、windows Windows 自带、open 开源（KB_FACES）
"""


def start_library(target: Path, *, with_shelf: bool) -> None:
    """Makes the folder, wholly or not at all; raises AskedWrongly when something stands at `target`."""
    with building_folder(target, "init") as folder:
        content = folder / "content"
        for name in REFERENCE_FOLDERS + (SHELF_FOLDERS if with_shelf else ()):
            _copy(shipped("content") / name, content / name)
        for name in SHELF_FOLDERS:
            (content / name).mkdir(exist_ok=True)
        if not with_shelf:
            write_file(content / "questions/kept.yaml", b"questions: []\n")
        _copy(shipped("templates") / "mechanism", folder / "templates/mechanism")
        (folder / "data").mkdir(mode=0o750)
        write_file(folder / LIBRARY_FILE, SETTINGS.encode())


def _copy(source: Path, target: Path) -> None:
    target.mkdir(parents=True)
    for path in sorted(source.iterdir()):
        if path.is_file():
            # Without the shipped file's mode and time: they are the office's own from now on.
            shutil.copyfile(path, target / path.name)
