"""采用: a unit takes a mechanism up, reports how far it has come, and another unit confirms that it took hold.

lists       the blueprint, 我的推广, 推广台账, 待确认
starting    采用这个机制
reporting   one adoption: its page, reports, what is taken back, the case it becomes
confirming  the word of another unit
proving     files that prove it
posted      what a posted report says
"""

from kb.web.adoptions import confirming, proving, reporting, starting
from kb.web.adoptions.lists import blueprint

__all__ = ["BODY_LIMITS", "blueprint", "confirming", "proving", "reporting", "starting"]

BODY_LIMITS = {**reporting.LIMITS, **proving.LIMITS}
