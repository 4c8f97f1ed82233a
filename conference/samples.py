"""Sample data of the component gallery: invented people, one of every state."""

from typing import Any

from django import forms
from django.core.paginator import Paginator

STATES = (
    ("ok", "Đã xác nhận"), ("part", "Một phần"), ("wait", "Chờ xác nhận"),
    ("off", "Không tham dự"), ("err", "Lỗi"), ("info", "Bản 3"),
)  # fmt: skip
BANDS = (
    ("leader", "Chủ trì"), ("delegate", "Đại biểu"), ("speaker", "Báo cáo viên"), ("guest", "Khách mời"),
    ("press", "Báo chí"), ("staff", "Ban Tổ chức"), ("service", "Phục vụ"),
)  # fmt: skip
ROWS = (
    {"code": "46", "name": "Thừa Thiên Huế", "done": "6/7", "kind": "ok", "word": "Đã chốt"},
    {"code": "49", "name": "Quảng Nam", "done": "4/7", "kind": "part", "word": "Một phần"},
    {"code": "54", "name": "Phú Yên", "done": "0/7", "kind": "wait", "word": "Chưa phản hồi"},
    {"code": "95", "name": "Bạc Liêu", "done": "0/7", "kind": "off", "word": "Không cử đoàn"},
)
SEATS = (
    {
        "slot": "Lãnh đạo UBND tỉnh",
        "state": "ok",
        "state_label": "Đã xác nhận",
        "name": "Ông Trần Quốc Hưng",
        "position": "Phó Chánh Văn phòng UBND tỉnh",
        "contact": "0912 ••• 604",
        "was": "ông Nguyễn Tấn Lực",
        "was_when": "15:38 ngày 30/5",
        "acts": [{"label": "Thay người", "kind": "plain", "url": "#"}],
    },
    {
        "slot": "Bộ Chỉ huy Bộ đội Biên phòng tỉnh",
        "state": "wait",
        "state_label": "Chờ xác nhận",
        "name": "Ông Đặng Văn Sơn",
        "position": "Thượng tá, Chủ nhiệm Chính trị",
        "contact": "0983 ••• 512",
        "was": "",
        "was_when": "",
        "acts": [
            {"label": "Xác nhận", "kind": "main", "url": "#"},
            {"label": "Thay người", "url": "#"},
            {"label": "Không cử", "kind": "plain", "url": "#"},
        ],
    },
    {
        "slot": "Báo, Đài tỉnh",
        "state": "wait",
        "state_label": "Chưa cử người",
        "name": "",
        "position": "",
        "contact": "",
        "was": "",
        "was_when": "",
        "acts": [
            {"label": "Cử người", "kind": "main", "url": "#"},
            {"label": "Không cử", "kind": "plain", "url": "#"},
        ],
    },
)
PAPERS = (
    {
        "id": "giay-1",
        "title": "Thẻ đại biểu, 279 thẻ A6",
        "kind": "info",
        "state_label": "Đang in",
        "done": 171,
        "total": 279,
        "sentence": "171/279 · còn khoảng 2 phút",
        "acts": [{"label": "Hủy", "url": "#"}],
    },
    {
        "id": "giay-2",
        "title": "Giấy chứng nhận",
        "kind": "err",
        "state_label": "Lỗi 1",
        "done": 270,
        "total": 279,
        "sentence": "Thiếu chức vụ: đoàn Cà Mau, dòng 4.",
        "acts": [{"label": "Làm lại", "url": "#"}],
    },
    {
        "id": "giay-3",
        "title": "Danh sách ký nhận, sáng 06/6",
        "kind": "ok",
        "state_label": "Xong",
        "done": 63,
        "total": 63,
        "sentence": "63 đoàn, 71 trang · 08:47",
        "acts": [{"label": "Tải PDF (1,9 MB)", "kind": "main", "icon": "down", "url": "#"}],
    },
)
TILES = (
    (10, 4, "QT", "Tỉnh Quảng Trị", 4, 7, "full", "đã chốt"),
    (10, 5, "TTH", "Tỉnh Thừa Thiên Huế", 6, 7, "full", "đã chốt"),
    (11, 5, "QNa", "Tỉnh Quảng Nam", 4, 7, "part", "một phần"),
    (11, 6, "ĐNg", "Thành phố Đà Nẵng", 6, 7, "full", "đã chốt"),
    (12, 6, "PY", "Tỉnh Phú Yên", 0, 7, "none", "chưa phản hồi"),
    (13, 5, "LĐ", "Tỉnh Lâm Đồng", 6, 6, "full", "đã chốt"),
    (13, 6, "BL", "Tỉnh Bạc Liêu", 0, 7, "off", "không cử đoàn"),
)
TILE_FIELDS = ("row", "col", "abbr", "name", "done", "total", "state", "word")
ICONS = (
    "check", "half", "clock", "cross", "bang", "info", "ask", "swap", "down", "cal", "mail", "key", "print",
    "search", "go", "back", "open", "edit", "plus", "minus", "trash", "again", "off", "bolt", "user", "users",
    "out", "pin", "file", "lock", "shield", "device", "phone", "copy", "globe", "sun", "moon",
)  # fmt: skip


class SampleForm(forms.Form):
    """One field of each shape."""

    position = forms.CharField(
        label="Chức vụ", help_text="Ghi như trên quyết định cử đi, ví dụ: Phó Giám đốc"
    )
    phone = forms.CharField(label="Số điện thoại di động", required=False)
    way = forms.ChoiceField(
        label="Nhận giấy mời",
        widget=forms.RadioSelect,
        choices=(("mail", "Qua thư điện tử"), ("desk", "Tại bàn")),
    )
    vegetarian = forms.BooleanField(label="Ăn chay trong các bữa của Hội nghị", required=False)

    def clean_phone(self) -> str:
        raise forms.ValidationError("Số này thiếu một chữ số. Nhập đủ 10 chữ số, ví dụ 0912 345 678.")


def gallery() -> dict[str, Any]:
    """Everything that the gallery shows."""
    return {
        "states": STATES,
        "bands": BANDS,
        "rows": ROWS,
        "page": Paginator(range(63), 10).page(2),
        "fill": [
            {"label": "Nhập từ Excel", "kind": "main", "url": "#"},
            {"label": "Thêm đại biểu", "url": "#"},
        ],
        "seats": SEATS,
        "steps": ["Tải lên", "Đối chiếu cột", "Xem trước", "Nhập"],
        "papers": PAPERS,
        "tiles": [
            {
                **dict(zip(TILE_FIELDS, tile, strict=True)),
                "row": tile[0] - 10,
                "url": "#",
                "host": tile[2] == "LĐ",
            }
            for tile in TILES
        ],
        "isles": [{"row": 1, "col": 7, "name": "QĐ. Hoàng Sa (TP. Đà Nẵng)"}],
        "legend": [
            {"state": "full", "word": "Đã chốt", "count": 52},
            {"state": "part", "word": "Một phần", "count": 6},
            {"state": "none", "word": "Chưa phản hồi", "count": 3},
            {"state": "off", "word": "Không cử đoàn", "count": 2},
        ],
        "long_title": "Hội nghị tập huấn truyền thông quảng bá hình ảnh Việt Nam, góp phần nâng cao chất "
        "lượng hiệu quả công tác thông tin đối ngoại trong tình hình mới",
        "short_title": "tập huấn truyền thông quảng bá hình ảnh Việt Nam",
        "icons": ICONS,
        "form": SampleForm(
            {"position": "Phó Giám đốc", "phone": "0912 345 67", "way": "mail", "vegetarian": "on"}
        ),
    }
