"""What the app of the door says by itself, for its modules in static/js/door. `{name}` is filled in there."""

from django.utils.translation import gettext as _


def words() -> dict[str, str]:
    """Key → sentence, in the language of the page."""
    return _verdicts() | _states() | _faults() | _carrying()


def _verdicts() -> dict[str, str]:
    """The big words of each answer (`answer.js`), and what follows from it."""
    return {
        "asking": _("Đang kiểm tra"),
        "welcome": _("Mời vào"),
        "again": _("Đã vào lúc {time}"),
        "again_unknown": _("Đã vào"),
        "again_where": _("Quét tại {where}. Vẫn cho vào nếu đúng người trong thẻ."),
        "again_what": _("Vẫn cho vào nếu đúng người trong thẻ."),
        "out": _("Đã ra"),
        "out_what": _("Đã ghi lượt ra lúc {time}."),
        "replaced": _("Thẻ đã thay người"),
        "replaced_by": _("Người dự thay: {name}"),
        "replaced_what": _("Thu thẻ này. Mời đến bàn đón tiếp nhận thẻ mới."),
        "withdrawn": _("Không tham dự"),
        "withdrawn_what": _("Người này đã báo không tham dự. Mời đến bàn đón tiếp."),
        "elsewhere": _("Không thuộc phiên này"),
        "elsewhere_what": _("Chưa ghi là đã vào. Hỏi người điều hành phiên, hoặc bấm “Vẫn cho vào”."),
        "elsewhere_where": _("Có chỗ tại: {where}"),
        "unknown": _("Không nhận ra mã"),
        "unknown_head": _("Mã này không thuộc hội nghị"),
        "unknown_what": _("Nhập mã in dưới hình QR, hoặc mời đến bàn đón tiếp."),
        "damaged_head": _("Mã hỏng hoặc không phải thẻ"),
        "revoked": _("Thẻ cũ đã hủy"),
        "revoked_head": _("Thẻ này đã in lại"),
        "revoked_what": _("Hỏi thẻ mới, hoặc mời đến bàn đón tiếp."),
        "offline": _("Đã ghi, chưa kiểm tra được"),
        "offline_head": _("Chưa có trong danh sách của máy"),
        "genuine_head": _("Thẻ thật của hội nghị này"),
        "offline_what": _("Mời vào nếu đúng người trong thẻ. Ban Tổ chức xem lại khi có mạng."),
        "notkept": _("Máy không ghi được"),
        "notkept_head": _("Lượt quét này chưa được giữ"),
        "notkept_do": _("Ghi lượt này vào giấy"),
        "notkept_what": _("Bộ nhớ của máy đã đầy hoặc bị chặn. Gửi các lượt cũ, rồi dùng máy khác."),
        "refused": _("Máy chủ không nhận lượt này"),
        "refused_head": _("Lượt này chưa được tính"),
        "refused_do": _("Vẫn giữ trong máy"),
        "not_in": _("Chưa cho vào."),
    }


def _states() -> dict[str, str]:
    """What stands beside an answer; session, network, counts."""
    return {
        "seat": _("Chỗ ngồi: {seat}"),
        "face": _("Ảnh của {name}"),
        "next": _("Quét người tiếp theo"),
        "retype": _("Nhập mã trên thẻ"),
        "in": _("Vào"),
        "out_word": _("Ra"),
        "net_down": _("Mất mạng, vẫn quét được"),
        "net_waiting": _("{n} lượt giữ trong máy, sẽ gửi khi có mạng"),
        "net_none": _("Chưa có lượt nào chờ gửi"),
        "net_sending": _("Đang gửi {n} lượt"),
        "net_stuck": _("{n} lượt chưa gửi được"),
        "net_up": _("Có mạng"),
        "synced": _("Gửi lần cuối lúc {time}"),
        "synced_never": _("Chưa gửi lần nào"),
        "list_of": _("{n} người, ngày {day}, giữ đến {time}"),
        "list_none": _("Chưa có. Cần mạng để tải."),
        "refused_some": _("{n} lượt máy chủ không nhận"),
        "refused_row": _("Lượt {n}, lúc {time}: {reason}"),
        "found_none": _("Không có ai tên như vậy trong danh sách của máy."),
        "found_some": _("{n} người"),
        "search_no_list": _("Máy chưa có danh sách. Nhập mã trên thẻ."),
        "sound_on": _("Tắt tiếng"),
        "sound_off": _("Bật tiếng"),
    }


def _faults() -> dict[str, str]:
    """What went wrong, and what to do."""
    return {
        "length": _("Mã thẻ có 8 ký tự. Nhập lại như in trên thẻ, ví dụ 7K3M-9QFE."),
        "alphabet": _("Mã thẻ chỉ gồm chữ số và chữ cái không dấu. Nhập lại như in trên thẻ."),
        "check": _("Mã thẻ có ký tự sai hoặc hai ký tự đổi chỗ. Nhập lại như in trên thẻ."),
        "away": _("Không liên lạc được với máy chủ. Kiểm tra mạng rồi thử lại."),
        "secret_shape": _("Mã ghép có 32 ký tự. Nhập lại như hiện dưới hình QR của Ban Tổ chức."),
        "foreign": _("Mã ghép này của hội nghị khác. Mở đúng địa chỉ trong hình QR."),
        "revoked_device": _(
            "Thiết bị này đã thu hồi. {n} lượt chưa gửi vẫn giữ trong máy: xuất tệp và đưa cho Ban Tổ chức."
        ),
        "storage": _("Máy này không cho giữ dữ liệu. Tắt chế độ ẩn danh, giải phóng bộ nhớ, rồi mở lại."),
        "camera_denied": _(
            "Máy ảnh bị chặn. Cho phép trong cài đặt của trang này, rồi bấm lại. Vẫn nhập mã và tìm tên được."
        ),
        "camera_busy": _(
            "Máy ảnh đang do ứng dụng khác dùng. Đóng ứng dụng đó, rồi bấm lại. Vẫn nhập mã và tìm tên được."
        ),
        "camera_again": _("Mở lại máy quét"),
        "camera_none": _("Không mở được máy ảnh. Vẫn nhập mã, tìm tên và dùng máy quét cầm tay được."),
        "session_taken": _("Ban Tổ chức đã đổi phiên của máy này. Chọn phiên khác."),
        "session_over": _("Phiên chọn lần trước là của ngày đã qua. Chọn phiên đang quét."),
        "no_session": _("Thiết bị này chưa có phiên nào. Báo Ban Tổ chức."),
    }


def _carrying() -> dict[str, str]:
    """Scans that leave by a file or by pictures, and scans of another phone."""
    return {
        "frame_of": _("Hình {n}/{total}"),
        "frames_note": _("Đưa máy nhận vào trước màn hình này cho đến khi đủ {total} hình."),
        "gathered": _("Đã nhận {n}/{total} hình"),
        "carry_done": _("Máy chủ đã nhận {n} lượt của {device}."),
        "carry_some": _("Máy chủ đã nhận {n} lượt của {device}; {refused} lượt không nhận."),
        "carry_refused": _("Máy chủ không nhận {n} lượt của {device}: {reason}"),
        "carry_waits": _("{n} lượt của {device}, sẽ gửi khi có mạng"),
        "carry_strip": _("{n} tệp lượt quét của máy khác bị từ chối"),
        "carry_again": _("Gửi lại"),
        "carry_drop": _("Bỏ khỏi máy này"),
        "carry_sure": _("Bấm lần nữa để bỏ"),
        "carry_kept": _("Đã giữ {n} lượt của {device}. Sẽ gửi khi có mạng."),
        "carry_broken": _("Tệp này hỏng hoặc không phải tệp lượt quét. Xuất lại từ máy kia."),
        "carry_foreign": _("Tệp này của hội nghị khác. Mở đúng hội nghị rồi nhập lại."),
        "nothing": _("Không có lượt nào chờ gửi."),
    }
