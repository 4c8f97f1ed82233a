"""What the rooms above would answer: links, attachments, whether a letter is still wanted."""

from mailing.errors import MailError, NotReady
from mailing.models import Message

SECRET = "https://hoinghi.example/l/bi-mat-{}"
PDF = b"%PDF-1.7 giay moi"
answered: set[int] = set()
withdrawn: set[int] = set()
unfinished: set[int] = set()
gone: set[str] = set()
moved: set[str] = set()


def reset() -> None:
    for known in (answered, withdrawn, unfinished, gone, moved):
        known.clear()


def link_of(pk: int) -> str:
    if pk in withdrawn:
        raise MailError("Liên kết của đoàn đã thu hồi. Lập liên kết mới rồi gửi lại.")
    return SECRET.format(pk)


def letter_of(pk: int) -> tuple[str, bytes, str]:
    if pk in unfinished:
        raise NotReady
    if pk in withdrawn:
        raise MailError("Giấy mời chưa lập được.")
    return f"Giấy mời số {pk:02}.pdf", PDF, "application/pdf"


def still_owes(pk: int) -> bool:
    return pk not in answered


def pointless(message: Message) -> str:
    if message.subject_ref in moved:
        raise MailError("Địa chỉ đã đổi.")
    return "Không còn dự." if message.subject_ref in gone else ""
