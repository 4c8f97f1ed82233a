"""What a heading means: the words that lists of delegates have over their columns, without marks."""

from __future__ import annotations

import re
from functools import lru_cache

from conference.vietnamese import clean, fold

# Headings as they are met, folded; separated by semicolons.
_KNOWN = {
    "number": "stt; tt; so tt; so thu tu; thu tu; no; num; number; st t; so",
    "code": """
        ma dai bieu; ma so dai bieu; ma db; ma nguoi; ma tham du; ma; code; attendee code; delegate code
    """,
    "name": """
        ho va ten; ho ten; ho ten dai bieu; ho va ten dai bieu; ten dai bieu; dai bieu; hoten; ho va ten
        nguoi; ho ten nguoi tham du; ho va ten nguoi tham du; ho ten day du; ho va ten day du; ten day du;
        ho ten can bo; ho va ten can bo; ho ten va; ho ten cbcc; ho va ten hoc vien; ho ten hoc vien;
        nguoi tham du; thanh vien; ho va ten khai sinh; ho ten khai sinh; ten nguoi tham du; ho chu dem va
        ten; ho ten dem va ten; ho dem va ten; ho va ten nguoi duoc cu; nguoi duoc cu; can bo duoc cu;
        full name; fullname; name; delegate; delegate name; participant; participant name; attendee
    """,
    "family": """
        ho; ho dem; ho va dem; ho va chu dem; ho chu dem; ho va ten dem; ho ten dem; ho lot; ho va ten
        lot; ho va chu lot; last name; surname; family name; family
    """,
    "given": "ten; ten goi; first name; given name; given",
    "honorific": """
        ong ba; ong ba d c; ong ba dong chi; danh xung; dc; d c; dong chi; xung ho; title mr mrs; mr mrs;
        mr ms
    """,
    "gender": "gioi tinh; nam nu; phai; gioi; gender; sex; gt; nam nu x",
    "male": """
        nam; nam x; ong; gioi tinh nam; nam sinh nam; ngay sinh nam; ngay thang nam sinh nam; male
    """,
    "female": """
        nu; nu x; ba; gioi tinh nu; nam sinh nu; ngay sinh nu; ngay thang nam sinh nu; female
    """,
    "birth": """
        nam sinh; ngay sinh; ngay thang nam sinh; sinh ngay; sinh nam; ngay thang sinh; ngay nam sinh; ns;
        ntns; ngay thang nam; birth; birthday; date of birth; dob; year of birth; birth year; birth date
    """,
    "position": """
        chuc vu; chuc danh; chuc vu cong tac; chuc vu chuc danh; chuc danh chuc vu; cv; chuc vu hien tai;
        chuc vu hien nay; chuc vu chinh quyen; chuc vu dang chinh quyen; chuc vu dang chinh quyen doan
        the; chuc vu chuyen mon; vi tri cong tac; vi tri viec lam; nghe nghiep; chuc vu trong co quan;
        position; title; job title; chuc trach
    """,
    "position_organisation": """
        chuc vu don vi cong tac; chuc vu don vi; chuc vu co quan; chuc vu co quan cong tac; chuc vu noi
        cong tac; chuc vu va don vi cong tac; chuc vu va noi cong tac; chuc danh don vi cong tac; chuc
        danh don vi; chuc vu chuc danh don vi cong tac; chuc vu co quan don vi; chuc vu co quan don vi
        cong tac; chuc danh noi cong tac; don vi chuc vu; co quan chuc vu; don vi cong tac chuc vu; chuc
        vu va co quan; chuc vu va don vi; chuc vu va co quan cong tac; chuc danh chuc vu don vi cong tac
    """,
    "rank": """
        cap bac; quan ham; cap ham; cap bac quan ham; ham; cap bac ham; quan ham cap bac; rank
    """,
    "organisation": """
        don vi; don vi cong tac; co quan; co quan don vi; don vi co quan; noi cong tac; co quan cong tac;
        to chuc; co quan don vi cong tac; noi lam viec; ten don vi; ten co quan; don vi cu; co quan cu; co
        quan don vi cu; don vi dang cong tac; don vi tham du; co quan to chuc; don vi truc thuoc;
        organisation; organization; agency; office; company; don vi cong tac hien nay; phong ban; phong
        ban don vi
    """,
    "province": """
        tinh tp; tinh; tinh thanh pho; tinh thanh; dia phuong; tinh thanh pho truc thuoc trung uong; tinh
        tp tw; doan; doan dai bieu; ten doan; thuoc doan; thuoc tinh; don vi tinh; province; city;
        province city; delegation
    """,
    "category": """
        thanh phan; doi tuong; loai dai bieu; nhom; nhom dai bieu; thanh phan tham du; thanh phan dai
        bieu; doi tuong tham du; dien; khoi; category; phan loai; loai; loai khach
    """,
    "head": """
        truong doan; la truong doan; vai tro; vai tro trong doan; nhiem vu trong doan; chuc danh trong
        doan; chuc vu trong doan; nhiem vu; role; head of delegation; head
    """,
    "phone": """
        so dien thoai; sdt; dien thoai; dtdd; di dong; so dt lien he; so dt; dt; dt di dong; dien thoai di
        dong; so dien thoai di dong; so di dong; so dien thoai lien he; dien thoai lien he; sdt lien he;
        dt lien he; so lien he; lien he; so may; so phone; mobile; phone; phone number; tel; telephone;
        dien thoai dd; hotline; so dtdd; so dt di dong; dien thoai zalo; so dien thoai zalo; zalo; sdt
        zalo; cell phone; so d t; d t; dd
    """,
    "email": """
        email; e mail; thu dien tu; hop thu; dia chi email; dia chi e mail; dia chi thu dien tu; mail;
        gmail; hop thu dien tu; hop thu cong vu; email cong vu; thu dien tu cong vu; email lien he; email
        address
    """,
    "identity": """
        so cccd; cccd; cmnd cccd; cccd cmnd; so dinh danh; so dinh danh ca nhan; cmnd; so cmnd; so cmnd
        cccd; can cuoc; so can cuoc; so can cuoc cong dan; can cuoc cong dan; cmt; so cmt; cmtnd; ho
        chieu; so ho chieu; so cccd cmnd; cmnd cccd ho chieu; so the can cuoc; so hieu sy quan; chung minh
        thu; id; id number; passport
    """,
    "note": """
        ghi chu; luu y; chu thich; ghi chu khac; y kien; note; notes; remark; remarks; gc; khac
    """,
    "seat": """
        cho ngoi; ghe ngoi; so ghe; ghe; vi tri ngoi; vi tri cho ngoi; day ghe; day so ghe; hang ghe; so cho
        ngoi; so do cho ngoi; sap xep cho ngoi; xep cho; bo tri cho ngoi; seat; seat number; seat note
    """,
    "arrival": """
        ngay den; gio den; thoi gian den; ngay gio den; den ngay; chuyen den; chuyen bay den; ngay di den;
        ngay nhan phong; thoi gian co mat; ngay co mat; nhan phong; check in; arrival; arrival date; lich
        den; gio bay den; chieu den; so hieu chuyen bay den; luot di; chieu di; chuyen bay luot di
    """,
    "departure": """
        ngay ve; gio ve; thoi gian ve; ngay gio ve; ngay di; gio di; thoi gian di; chuyen ve; chuyen bay
        ve; chuyen bay di; ngay tra phong; tra phong; check out; departure; departure date; lich ve; roi
        di; ngay roi di; gio bay ve; chieu ve; so hieu chuyen bay ve; luot ve; ngay gio di; chuyen bay
        luot ve
    """,
    "vehicle": """
        phuong tien; phuong tien di lai; phuong tien di chuyen; di bang; xe; xe o to; bien so xe; bien so;
        o to; phuong tien den; transport; vehicle; hinh thuc di chuyen; dang ky xe; nhu cau xe; nhu cau
        dua don; dua don
    """,
    "flight": """
        chuyen bay; so hieu chuyen bay; so hieu chuyen; so chuyen bay; ma chuyen bay; may bay; flight;
        flight number; chuyen
    """,
    "room": """
        dang ky phong; phong nghi; ghep phong voi; o ghep voi; phong; nhu cau phong; loai phong; luu tru;
        dang ky phong nghi; nhu cau luu tru; ghep phong; so phong; khach san; phong o; dang ky luu tru;
        noi nghi; dang ky cho o; dang ky noi o; nguoi o cung; o cung; o cung voi; room; hotel;
        accommodation; phong don doi; nhu cau phong nghi; nhu cau dat phong
    """,
    "diet": """
        an uong; an chay; che do an; an kieng; an chay kieng; yeu cau an uong; di ung; an chay man; diet;
        meal; suat an; dang ky an; nhu cau an chay; an chay an kieng; luu y ve an uong; yeu cau ve an uong
    """,
}

# For longer headings, in this order: the first that is found inside decides.
_INSIDE = (
    ("identity", r"\b(cccd|cmnd|can cuoc|dinh danh|ho chieu)\b"),
    ("email", r"\b(e ?mail|thu dien tu|hop thu)\b"),
    ("phone", r"\b(dien thoai|sdt|dtdd|di dong|so dt)\b"),
    ("name", r"\b(ho (va )?(chu )?(dem )?(va )?ten|full ?name|ten dai bieu)\b"),
    ("family", r"\bho (va )?(chu |ten )?(dem|lot)\b"),
    ("head", r"\btruong doan\b"),
    ("position_organisation", r"\b(chuc vu|chuc danh)\b.*\b(don vi|co quan|noi cong tac)\b"),
    ("birth", r"\b(nam sinh|ngay sinh|sinh ngay|ngay thang nam sinh)\b"),
    ("gender", r"\b(gioi tinh|nam nu)\b"),
    ("rank", r"\b(cap bac|quan ham|cap ham)\b"),
    ("diet", r"\b(an chay|an kieng|an uong|di ung)\b"),
    ("room", r"\b(phong nghi|ghep phong|dang ky phong|luu tru|khach san|o ghep|o cung|nhu cau phong)\b"),
    ("arrival", r"\b(ngay|gio|thoi gian|chuyen( bay)?|chieu|luot)\b.*\bden\b|\bco mat\b"),
    ("departure", r"\b(ngay|gio|thoi gian|chuyen( bay)?|chieu|luot)\b.*\b(ve|roi|tro ve)\b"),
    ("flight", r"\b(chuyen bay|may bay|so hieu chuyen)\b"),
    ("vehicle", r"\b(phuong tien|bien so|dua don)\b"),
    ("position", r"\b(chuc vu|chuc danh)\b"),
    ("organisation", r"\b(don vi|co quan|noi cong tac|noi lam viec)\b"),
    ("province", r"\b(tinh|thanh pho|dia phuong)\b"),
    ("category", r"\b(thanh phan|doi tuong)\b"),
    ("seat", r"\b(cho ngoi|ghe ngoi|vi tri ngoi|so ghe)\b"),
    ("note", r"\bghi chu\b"),
)
LONGEST_HEADING = 90  # characters, folded; what is longer is a title or a sentence

_fields = {" ".join(word.split()): field for field, words in _KNOWN.items() for word in words.split(";")}
_inside = [(field, re.compile(pattern)) for field, pattern in _INSIDE]
_ASIDE = re.compile(r"\([^()]*\)|\[[^][]*\]")

# Headings over several columns, and what their columns then are.
_OPENING = r"^(thong tin |thoi gian |lich |chuyen bay |chieu |luot |ngay |gio )*"
_GROUPS = (
    ("arrival", re.compile(_OPENING + r"(den|co mat|arrival)\b")),
    ("departure", re.compile(_OPENING + r"(di|ve|roi|tro ve|departure)\b")),
)


@lru_cache(maxsize=4096)
def field_of(heading: str) -> tuple[str, float] | None:
    """The field that a heading names, and how surely (0…1); None for a heading nobody knows."""
    whole = fold(heading)
    if not whole or len(whole) > LONGEST_HEADING:
        return None
    aside = fold(_ASIDE.sub(" ", clean(heading)))
    for text in (whole, aside):
        if text in _fields:
            return _fields[text], 1.0
    for field, pattern in _inside:
        if pattern.search(aside or whole):
            return field, 0.7
    return None


def field_under(group: str, heading: str) -> tuple[str, float] | None:
    """The field of a heading that stands under another one: Ngày under Thời gian đến, Nam under Năm sinh."""
    folded = fold(group)
    above, below, both = field_of(group), field_of(heading), field_of(f"{group} {heading}")
    for field, pattern in _GROUPS:
        if pattern.search(folded):
            # The column of flights is that of arrival; a flight home stays with the departure.
            return ("flight", 1.0) if field == "arrival" and below == ("flight", 1.0) else (field, 1.0)
    if (
        above
        and above[0] in ("name", "family")
        and fold(heading) in ("ho", "dem", "chu dem", "ten dem", "lot")
    ):
        return "family", 1.0
    if below and below[1] == 1.0:
        return below
    if both and both[1] == 1.0:
        return both
    return below or above or both
