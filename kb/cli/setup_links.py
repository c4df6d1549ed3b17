"""Links by which accounts are set up, as `kb serve` and `kb account link` tell them."""

from kb.bootstrap.desk import Desk
from kb.config import Settings
from kb.services.set_up_account import FIRST_HOURS, give_first_link


def first_link(desk: Desk, settings: Settings) -> str:
    """What to tell whoever starts a library that has no accounts yet; "" when it has some."""
    secret = give_first_link(lambda: desk.account_work("kb serve"), desk.now)
    if not secret:
        return ""
    words = f"还没有账号。要投稿和审核，打开下面的链接设置第一个管理员（{FIRST_HOURS} 小时内有效，只能用一次）："
    return f"{words}\n{setup_address(settings, secret)}"


def setup_address(settings: Settings, secret: str) -> str:
    """The link as somebody at this machine opens it."""
    return f"{settings.address or f'http://{settings.host}:{settings.port}'}/setup/{secret}"
