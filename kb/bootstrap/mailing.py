"""E-mail through the server of the settings: plain text, one connection a run, nothing of the password in any word."""

import smtplib
import ssl
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from email.message import EmailMessage
from email.policy import SMTP
from email.utils import formatdate, make_msgid

from kb.config import MAIL_ADDRESS, MailServer
from kb.errors import NotReady
from kb.services.send_mail import Letter

TIMEOUT = 20.0
"""Seconds an answer of the server is waited for."""
LONGEST_SUBJECT = 60
LOCAL = ("localhost", "127.0.0.1", "::1")


class SmtpMailer:
    """A Mailer; `address` is the library's own, for links, "" where none is set."""

    def __init__(self, server: MailServer, address: str, *, timeout: float = TIMEOUT) -> None:
        self._server = server
        self._address = address
        self._timeout = timeout

    def send(self, letters: Iterable[Letter]) -> Iterator[tuple[int, str]]:
        """As `kb.services.send_mail.Mailer` says."""
        waiting = list(letters)
        try:
            with self._connected() as smtp:
                for letter in waiting:
                    yield letter.number, self._send_one(smtp, letter)
        except (OSError, smtplib.SMTPException) as error:
            yield 0, tell_fault(error)

    def check(self) -> str:
        """Why mail cannot be handed over now, "" when it can; sends nothing."""
        try:
            with self._connected() as smtp:
                smtp.noop()
        except (OSError, smtplib.SMTPException) as error:
            return tell_fault(error)
        except NotReady as error:
            return error.message
        return ""

    def _send_one(self, smtp: smtplib.SMTP, letter: Letter) -> str:
        """A refusal of this one letter leaves the connection to the next."""
        if not MAIL_ADDRESS.fullmatch(letter.to):
            return "邮箱地址写得不对"
        try:
            smtp.send_message(self._build(letter))
        except (smtplib.SMTPRecipientsRefused, smtplib.SMTPDataError, smtplib.SMTPSenderRefused) as error:
            return tell_fault(error)
        return ""

    def _build(self, letter: Letter) -> EmailMessage:
        text = " ".join(letter.text.split())
        message = EmailMessage(policy=SMTP)
        message["Subject"] = f"【党建创新案例库】{text}"[:LONGEST_SUBJECT]
        message["From"] = self._server.sender
        message["To"] = letter.to
        message["Date"] = formatdate(localtime=True)
        message["Message-ID"] = make_msgid(domain=self._server.sender.rpartition("@")[2])
        message["Auto-Submitted"] = "auto-generated"
        where = f"{self._address}{letter.path}" if self._address else "登录案例库，在“消息”里打开。"
        message.set_content(
            f"{text}\n\n{where}\n\n这封邮件由案例库自动发出，请不要回复；不想再收，在“消息”页去掉邮箱地址。\n"
        )
        return message

    @contextmanager
    def _connected(self) -> Iterator[smtplib.SMTP]:
        server, context = self._server, ssl.create_default_context()
        opened = (
            smtplib.SMTP_SSL(server.host, server.port, timeout=self._timeout, context=context)
            if server.is_tls
            else smtplib.SMTP(server.host, server.port, timeout=self._timeout)
        )
        with opened as smtp:
            smtp.ehlo()
            is_secret = server.is_tls
            if not server.is_tls and smtp.has_extn("starttls"):
                smtp.starttls(context=context)
                smtp.ehlo()
                is_secret = True
            if server.user:
                if not is_secret and server.host not in LOCAL:
                    raise NotReady(
                        "邮件服务器不加密，没有把口令发过去。", advice="改用 smtps://，或请邮件管理员开启 STARTTLS。"
                    )
                smtp.login(server.user, server.password)
            yield smtp


def tell_fault(error: Exception) -> str:
    """What went wrong, without what the server repeats of a login."""
    if isinstance(error, smtplib.SMTPAuthenticationError):
        return "邮件服务器不认用户名或口令"
    if isinstance(error, smtplib.SMTPRecipientsRefused):
        return "邮件服务器不收这个地址"
    if isinstance(error, smtplib.SMTPResponseException):
        return f"邮件服务器回答 {error.smtp_code}"
    if isinstance(error, ssl.SSLError):
        return "与邮件服务器的加密连接没有建立"
    if isinstance(error, TimeoutError):
        return "邮件服务器没有回答"
    return "连不上邮件服务器"
