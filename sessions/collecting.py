"""The acts of organisers about papers: for how long they are taken, and the questions of tests."""

from __future__ import annotations

from django.core.exceptions import PermissionDenied, ValidationError
from django.db import transaction
from django.utils.translation import gettext as _

from conference import journal, refusals
from conference.models import Conference, User
from sessions import voting
from sessions.feedback import is_test_used
from sessions.models import FeedbackSetting, Session


def setting_of(conference: Conference) -> FeedbackSetting:
    """As it was chosen, or as it is where nobody chose."""
    return conference.feedback_settings.first() or FeedbackSetting(conference=conference)


@transaction.atomic
def take_for(conference: Conference, days: int, *, by: User, shown: int | None = None) -> bool:
    """Papers are taken for so many days after the conference. Returns False when that is so already.

    Not after the end: then the last answers are counted, and one more would be seen in the figures. `shown`:
    the days as they were on the page; others since are told, code "stale".
    """
    if not conference.is_run_by(by):
        raise PermissionDenied
    held = Conference.objects.select_for_update(no_key=True).get(pk=conference.pk)
    if voting.is_over(held):
        sentence = _("Đợt lấy ý kiến đã kết thúc, kết quả đã công bố đủ. Không mở lại được.")
        raise ValidationError(sentence, code="over")
    setting = setting_of(held)
    before = setting.days_after
    if setting.pk and before == days:
        return False
    if shown not in (None, before):
        raise ValidationError({"days_after": refusals.overtaken(str(before))})
    setting.days_after = days
    setting.full_clean()
    setting.save()
    journal.record("edit", setting, by=by, conference=held, changes={"days_after": [before, days]})
    return True


def hold_test(*sessions: int | None) -> None:
    """Keeps papers from being given while the questions change. Raises ValidationError once one was given."""
    for session in Session.objects.select_for_update().filter(pk__in=filter(None, sessions)).order_by("pk"):
        if is_test_used(session):
            sentence = _("Đã có đại biểu nhận bài kiểm tra này. Không thêm, sửa, xóa câu hỏi được nữa.")
            raise ValidationError(sentence, code="used")
