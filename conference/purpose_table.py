"""The table itself. Every model is named by its label: the ground floor knows no room above it.

`accounts`: what names an account; erasing that account strikes it there (`conference.account_erasing`).
"""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from conference.purposes import Basis, Erasure, Held, Kept, Rows

DUTY, CONSENT, PROOF, ARCHIVE = Basis.DUTY, Basis.CONSENT, Basis.PROOF, Basis.ARCHIVE
LOGISTICS, CONTACTS, RECORD, ACCOUNT = Kept.LOGISTICS, Kept.CONTACTS, Kept.RECORD, Kept.ACCOUNT
BLANK, NAME, ROW, STRUCK = Erasure.BLANK, Erasure.NAME, Erasure.ROW, Erasure.STRUCK
SEALED, OWN, KEPT = Erasure.SEALED, Erasure.OWN, Erasure.KEPT

_LIST = _("Lập danh sách, thẻ, giấy mời; nhận ra đại biểu ở cửa")
_ANSWER = _("Ghi nhận trả lời của đoàn")
_MAIL = _("Gửi thư về hội nghị và biết thư đã đến")
_PROGRAMME = _("Chương trình, báo cáo viên")
_REGISTER = _("Sổ giấy chứng nhận: trang kiểm tra trả lời được giấy thật hay giả")
_WHO_DID = _("Biết ai đã làm gì")
_DOOR = _("Ghi nhận có mặt, bảo đảm mỗi thẻ một người")
_OFFICIAL = _("Việc công của người làm nhiệm vụ, không phải dữ liệu của đại biểu.")
_ACCOUNT = _("Không phải dữ liệu của đại biểu; mất theo tài khoản khi xóa tài khoản.")
_PRINTED = _("Tệp bị xóa khỏi máy chủ; lập lại được, không có người đó.")
_NAMELESS = _("Mã không nêu ai: giữ số liệu có mặt và giấy chứng nhận.")

TABLE: tuple[Rows, ...] = (
    # ── Who comes ─────────────────────────────────────────────────────────────────────────────────
    Rows("attendees.Attendee", "conference", "pk", (
        Held("full_name family_name middle_name given_name sort_key search_key", _("Họ tên"), _LIST, DUTY,
             RECORD, OWN, _("Tên thay bằng “Đại biểu đã xóa dữ liệu”; danh sách và số liệu còn đủ dòng.")),
        Held("honorific position rank organisation_name", _("Danh xưng, chức vụ, cấp bậc, đơn vị"), _LIST,
             DUTY, RECORD, BLANK),
        Held("birth_year", _("Năm sinh"), _("Phân biệt người trùng họ tên"), DUTY, CONTACTS, BLANK),
        Held("phone email", _("Điện thoại, thư điện tử"), _("Liên hệ với đại biểu"), DUTY, CONTACTS, BLANK),
        Held("note seat_note decline_reason", _("Ghi chú, chỗ ngồi, lý do không dự"), _LIST, DUTY, CONTACTS,
             BLANK, accounts="note seat_note decline_reason"),
        Held("extra", _("Trả lời câu hỏi: đi lại, phòng, ăn và câu khác"), _("Thu xếp đi lại, ăn, nghỉ"),
             CONSENT, LOGISTICS, BLANK, sensitive=True),
        Held("photo", _("Ảnh thẻ"), _("Nhận ra đại biểu ở cửa"), CONSENT, LOGISTICS, BLANK),
        Held("replaced_by_name", _("Người ghi thay đại biểu"), _WHO_DID, DUTY, RECORD, STRUCK,
             accounts="replaced_by_name"),
        Held("code badge_token former_badges", _("Mã đại biểu, mã trên thẻ"), _DOOR, DUTY, RECORD, KEPT,
             _NAMELESS),
        Held("notice_version notice_seen_at", _("Bản thông báo đã đọc, lúc đọc"),
             _("Chứng minh đã thông báo cho đại biểu"), PROOF, RECORD, KEPT,
             _("Chứng minh đã thông báo; không còn gắn với tên.")),
    )),
    Rows("attendees.Correction", "attendee__conference", "attendee", (
        Held("wanted text remark", _("Đề nghị sửa và câu trả lời"), _("Sửa thông tin sai"), DUTY, CONTACTS,
             BLANK, accounts="text remark"),
    )),
    Rows("attendees.Link", "conference", "attendee", (
        Held("nonce token_hash", _("Liên kết cá nhân"), _("Mở trang của đại biểu"), DUTY, CONTACTS, ROW),
    )),
    Rows("attendees.Upload", "delegation__conference", "attendee", (
        Held("name file sha256 given_by", _("Tệp trả lời câu hỏi"), _("Thu xếp đi lại, ăn, nghỉ"), CONSENT,
             LOGISTICS, ROW, _("Văn bản cử đại biểu của đoàn là văn bản đến, được lưu."),
             accounts="given_by"),
    )),
    Rows("attendees.Delegation", "conference", "", (
        Held("contact_name contact_phone contact_email", _("Đầu mối của đoàn"), _("Liên hệ với đoàn"), DUTY,
             CONTACTS, STRUCK, accounts="contact_name contact_phone contact_email"),
        Held("extra", _("Trả lời câu hỏi của đoàn"), _("Thu xếp đi lại, ăn, nghỉ"), DUTY, LOGISTICS, STRUCK,
             accounts="extra"),
        Held("answered_by_name decline_reason review_remark", _("Người trả lời, lý do, nhận xét"), _ANSWER,
             DUTY, RECORD, STRUCK, accounts="answered_by_name decline_reason review_remark"),
    )),
    Rows("attendees.Quota", "delegation__conference", "", (
        Held("decline_reason", _("Lý do để trống suất"), _ANSWER, DUTY, RECORD, STRUCK,
             accounts="decline_reason"),
    )),
    Rows("attendees.Draft", "delegation__conference", "", (
        Held("fields saved_by", _("Bản đang gõ, chưa gửi"), _ANSWER, DUTY, LOGISTICS, OWN,
             _("Bản nháp nêu người đó bị xóa.")),
    )),
    Rows("attendees.Receipt", "delegation__conference", "", (
        Held("content sent_by", _("Biên nhận trả lời"), _ANSWER, ARCHIVE, RECORD, OWN,
             _("Dòng của người đó được thay tên; biên nhận và mã còn nguyên.")),
    )),
    Rows("attendees.ImportBatch", "conference", "", (
        Held("file reading choices outcome", _("Danh sách nhập từ tệp"),
             _("Nhập danh sách, hoàn lại khi nhầm"), DUTY, LOGISTICS, OWN,
             _("Tệp và nội dung đã đọc của danh sách nêu người đó bị xóa.")),
        Held("name given_by_name", _("Tên tệp, người gửi tệp"), _WHO_DID, DUTY, RECORD, STRUCK,
             accounts="given_by_name"),
    )),
    # ── What is sent ──────────────────────────────────────────────────────────────────────────────
    Rows("mailing.Message", "conference", "", (
        Held("subject_name to recipient_name subject_template body_template values secrets attachments "
             "reached refused error", _("Thư: địa chỉ, người nhận, nội dung"), _MAIL, DUTY, CONTACTS, OWN,
             _("Thư gửi người đó bị xóa trắng, thư chưa gửi bị hủy; thư gửi nơi khác chỉ gạch chỗ nêu tên.")),
    )),
    Rows("mailing.Attempt", "message__conference", "", (
        Held("said", _("Máy chủ thư trả lời"), _MAIL, DUTY, CONTACTS, OWN, _("Như thư của nó.")),
    )),
    Rows("mailing.Mailing", "conference", "", (
        Held("title", _("Tên đợt thư"), _MAIL, DUTY, RECORD, STRUCK, accounts="title"),
    )),
    # ── What happens ──────────────────────────────────────────────────────────────────────────────
    Rows("thematic.Participation", "session__conference", "attendee", (
        Held("full_name title organisation_name", _("Tên trong chương trình"), _PROGRAMME, ARCHIVE, RECORD,
             KEPT, _("Chương trình đã công bố là hồ sơ của hội nghị.")),
        Held("decline_reason", _("Lý do từ chối báo cáo"), _PROGRAMME, DUTY, CONTACTS, BLANK),
    )),
    Rows("thematic.Release", "conference", "", (
        Held("content note", _("Phiên bản chương trình đã công bố"), _PROGRAMME, ARCHIVE, RECORD, KEPT,
             _("Chương trình đã công bố là hồ sơ của hội nghị.")),
    )),
    Rows("thematic.Session", "conference", "", (
        Held("note", _("Người thực hiện ghi ở phiên"), _PROGRAMME, ARCHIVE, RECORD, KEPT,
             _("Chương trình đã công bố là hồ sơ của hội nghị.")),
    )),
    Rows("thematic.SpeakerProfile", "attendee__conference", "attendee", (
        Held("title organisation_name biography photo proposed remark needs", _("Giới thiệu báo cáo viên"),
             _("Giới thiệu báo cáo viên; phục vụ tại hội trường"), CONSENT, CONTACTS, ROW),
    )),
    Rows("thematic.BusyTime", "profile__attendee__conference", "profile__attendee", (
        Held("day", _("Giờ bận của báo cáo viên"), _PROGRAMME, CONSENT, LOGISTICS, ROW),
    )),
    Rows("thematic.Material", "session__conference", "offered_by", (
        Held("title", _("Tên tài liệu"), _PROGRAMME, ARCHIVE, RECORD, KEPT,
             _("Tài liệu của hội nghị là hồ sơ phải lưu.")),
    )),
    Rows("thematic.MaterialVersion", "material__session__conference", "material__offered_by", (
        Held("given_by", _("Người gửi tài liệu"), _WHO_DID, DUTY, RECORD, NAME, accounts="given_by"),
        Held("name file remark", _("Tài liệu của phiên"), _PROGRAMME, ARCHIVE, RECORD, KEPT,
             _("Tài liệu của hội nghị là hồ sơ phải lưu.")),
    )),
    Rows("thematic.MaterialDownload", "version__material__session__conference", "attendee", (
        Held("name", _("Tên in trên tài liệu đã tải"), _("Tìm nguồn khi tài liệu nội bộ lọt ra ngoài"), PROOF,
             CONTACTS, NAME),
    )),
    Rows("thematic.SignUp", "attendee__conference", "attendee", (
        Held("made_by", _("Người đăng ký phiên"), _WHO_DID, DUTY, CONTACTS, NAME, accounts="made_by"),
    )),
    Rows("thematic.Arrival", "session__conference", "taken_by", (
        Held("taken_by_name", _("Người nhận tài liệu của đoàn"), _("Bàn giao khi đón đoàn"), DUTY, CONTACTS,
             NAME),
        Held("note", _("Ghi chú đón đoàn"), _("Bàn giao khi đón đoàn"), DUTY, CONTACTS, STRUCK,
             accounts="note"),
    )),
    # ── The door ──────────────────────────────────────────────────────────────────────────────────
    Rows("checkin.Scan", "device__conference", "attendee", (
        Held("heard", _("Mã đọc được từ thẻ"), _DOOR, DUTY, CONTACTS, BLANK,
             _("Lượt quét còn lại, không có mã.")),
    )),
    Rows("checkin.Decision", "session__conference", "attendee", (
        Held("note", _("Ghi chú quyết định tại cửa"), _DOOR, DUTY, CONTACTS, NAME, accounts="note"),
    )),
    # ── What is printed ───────────────────────────────────────────────────────────────────────────
    Rows("documents.Certificate", "series__conference", "attendee", (
        Held("honorific full_name title organisation_name full_number grounds", _("Sổ giấy chứng nhận"),
             _REGISTER, ARCHIVE, RECORD, KEPT,
             _("Giấy đã cấp còn giá trị; trang kiểm tra phải nói được giấy ấy của ai.")),
        Held("said", _("Hội nghị, người ký như ghi trên giấy"), _REGISTER, ARCHIVE, RECORD, KEPT, _OFFICIAL),
        Held("reason", _("Lý do thay, thu hồi giấy"), _REGISTER, DUTY, CONTACTS, BLANK, accounts="reason"),
    )),
    Rows("documents.CertificateBatch", "conference", "", (
        Held("said", _("Hội nghị, người ký như ghi trên giấy"), _REGISTER, ARCHIVE, RECORD, KEPT, _OFFICIAL),
    )),
    Rows("documents.CertificateFile", "certificate__series__conference", "certificate__attendee", (
        Held("file", _("Tệp giấy chứng nhận"), _("Gửi giấy cho đại biểu"), DUTY, RECORD, BLANK,
             _("Tệp bị xóa; mã băm ở lại để người giữ bản của mình vẫn kiểm tra được.")),
        Held("sha256 signer", _("Mã băm của tệp, người ký"), _REGISTER, ARCHIVE, RECORD, KEPT,
             _("Không nêu đại biểu; cần cho trang kiểm tra.")),
    )),
    Rows("documents.CertificateBatchLine", "batch__conference", "attendee", (
        Held("honorific full_name title organisation_name", _("Danh sách trình cấp giấy"),
             _REGISTER, ARCHIVE, RECORD, OWN,
             _("Đợt đã cấp là hồ sơ, giữ; đợt chưa cấp hoặc đã rút thì thay tên.")),
        Held("grounds left_out", _("Căn cứ cấp, không cấp trong đợt trình"), _REGISTER, ARCHIVE, RECORD, KEPT,
             _("Đợt đã cấp là hồ sơ, giữ; ở đợt khác thì gạch người bị xóa.")),
    )),
    Rows("documents.CertificateDecision", "attendee__conference", "attendee", (
        Held("reason", _("Lý do quyết định ngoại lệ"), _REGISTER, DUTY, CONTACTS, NAME, accounts="reason"),
        Held("by_name", _("Người quyết định"), _WHO_DID, PROOF, RECORD, KEPT, _OFFICIAL, accounts="by_name"),
    )),
    Rows("documents.Document", "conference", "", (
        Held("file error", _("Tệp giấy tờ đã lập"), _("In thẻ, danh sách, giấy mời"), DUTY, CONTACTS, OWN,
             _PRINTED),
    )),
    Rows("documents.DocumentPart", "document__conference", "", (
        Held("file left_out", _("Từng phần của giấy tờ"), _("In thẻ, danh sách, giấy mời"), DUTY, CONTACTS,
             OWN, _PRINTED),
    )),
    Rows("documents.BadgePrint", "document__conference", "attendee", (
        Held("face", _("Dấu của mặt thẻ đã in"), _("Biết thẻ nào phải in lại"), DUTY, LOGISTICS, BLANK),
    )),
    Rows("documents.BadgeHandover", "delegation__conference", "", (
        Held("received_by by_name", _("Người giao, nhận thẻ"), _("Bàn giao thẻ"), DUTY, CONTACTS, STRUCK,
             accounts="received_by by_name"),
    )),
    Rows("documents.Letter", "conference", "", (
        Held("content reason", _("Văn bản đi"), _("Giấy mời, công văn đã cấp số"), ARCHIVE, RECORD, KEPT,
             _("Văn bản đi của cơ quan là hồ sơ phải lưu.")),
    )),
    # ── The ground ────────────────────────────────────────────────────────────────────────────────
    Rows("conference.JournalEntry", "conference", "", (
        Held("actor_name origin subject_name changes", _("Nhật ký: ai, từ đâu, làm gì"), _WHO_DID, PROOF,
             RECORD, SEALED, _("Điện thoại, thư, năm sinh, ghi chú, trả lời hết thời hạn thì gạch.")),
    )),
    Rows("conference.JournalSeal", "", "", (
        Held("salt personal head rest", _("Niêm phong nhật ký"), _("Phát hiện nhật ký bị sửa"), PROOF, RECORD,
             SEALED),
    )),
    Rows("conference.Conference", "pk", "", (
        Held("contact_name contact_phone contact_email signer_name", _("Đầu mối, người ký của Ban Tổ chức"),
             _("In trên giấy mời; để đại biểu liên hệ"), DUTY, RECORD, KEPT, _OFFICIAL),
    )),
    Rows("documents.MorningLetter", "conference", "", (
        Held("addresses", _("Nơi nhận báo cáo buổi sáng"), _MAIL, DUTY, RECORD, KEPT, _OFFICIAL,
             accounts="addresses"),
    )),
    Rows("thematic.Figure", "session__conference", "", (
        Held("counted reason frozen_by_name", _("Số liệu có mặt đã chốt"), _("Báo cáo số người dự"), ARCHIVE,
             RECORD, KEPT, _NAMELESS, accounts="frozen_by_name"),
    )),
    Rows("conference.User", "", "", (
        Held("email full_name phone password last_login date_joined", _("Tài khoản người làm nhiệm vụ"),
             _("Đăng nhập"), DUTY, ACCOUNT, KEPT, _ACCOUNT),
    )),
    Rows("account.EmailAddress", "", "", (
        Held("email", _("Thư của tài khoản"), _("Đăng nhập"), DUTY, ACCOUNT, KEPT, _ACCOUNT),
    )),
    Rows("mfa.Authenticator", "", "", (
        Held("data", _("Bước xác thực thứ hai"), _("Đăng nhập"), PROOF, ACCOUNT, KEPT, _ACCOUNT),
    )),
    Rows("usersessions.UserSession", "", "", (
        Held("ip user_agent session_key data", _("Phiên đăng nhập"), _("Phát hiện đăng nhập lạ"), PROOF,
             ACCOUNT, KEPT, _ACCOUNT),
    )),
)  # fmt: skip

# Columns without a person in them: what an organiser writes of the conference, marks of the machine, hours.
NO_PERSON: dict[str, str] = {
    "account.EmailConfirmation": "*",
    "admin.LogEntry": "*",  # written by nobody: the desk has its own journal
    "auth.Group": "*",
    "auth.Permission": "*",
    "contenttypes.ContentType": "*",
    "sessions.Session": "*",  # keys of rows only; ends with the sign-in
    "attendees.Category": "*",
    "attendees.ColumnMemory": "*",  # headings of spreadsheets
    "attendees.Question": "*",
    "attendees.Delegation": "code name",
    "attendees.Draft": "",
    "attendees.ImportBatch": "sha256 plans",
    "attendees.Receipt": "code sha256 request_sha256",
    "attendees.Upload": "content_type",
    "mailing.Hold": "*",
    "mailing.Mailing": "kind",
    "mailing.Message": "kind subject_ref condition message_id",
    "mailing.MessageTemplate": "*",
    "thematic.Feedback": "*",  # bears no name and leads to nobody
    "thematic.FeedbackSetting": "*",
    "thematic.TestAnswer": "*",  # the same
    "thematic.TestQuestion": "*",
    "thematic.Slip": "*",  # that somebody was given a paper, not what stands on it
    "thematic.Hall": "*",
    "thematic.Material": "code",
    "thematic.MaterialVersion": "content_type sha256",
    "thematic.Session": "code title day",
    "thematic.SignUp": "code",
    "thematic.SpeakerProfile": "code",
    "thematic.Release": "digest",
    "thematic.Figure": "sources counts",
    "checkin.Device": "*",
    "checkin.Decision": "scans question",
    "conference.Unit": "*",
    "conference.UnitSuccession": "*",
    "conference.Organisation": "*",
    "conference.OrganisationKind": "*",
    "conference.OrganisingBody": "*",
    "conference.LegalBasis": "*",
    "conference.Membership": "*",
    "conference.Pulse": "*",
    "conference.JournalEntry": "act subject request_id",
    "conference.Conference": "slug title short_title starts_on ends_on time_zone venue place issuing_agency "
    "parent_agency symbol issue_place drafting_unit signer_authority signer_title cost_note forgotten",
    "documents.Certificate": "code issued_on",
    "documents.CertificateBatch": "scope approved_hash paper_reference reason",
    "documents.CertificateRule": "*",
    "documents.Design": "*",
    "documents.Document": "kind public_id delegation_ids attendee_ids subject_ids day sha256",
    "documents.DocumentPart": "subjects",
    "documents.Letter": "full_number issued_on",
    "documents.NumberSeries": "*",
}
