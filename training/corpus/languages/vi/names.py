"""First names as Vietnamese problems use them: local ones, and foreign ones as they stand in translations."""

LOCAL_WOMEN = """
Lan|Hoa|Mai|Linh|Hương|Hằng|Nga|Thảo|Trang|Hà|Thu|Ngọc|Phương|Oanh|Yến|Dung|Hạnh|Hiền|Loan|Liên|Nhung|Quỳnh|Thủy|Vân|Tuyết|My
Chi|Châu|Diệp|Đào|Giang|Hân|Huệ|Huyền|Khánh|Kim|Lệ|Liễu|Lê|Ly|Mận|Mơ|Mỹ|Na|Ngân|Nguyệt|Nhi|Như|Nụ|Phượng|Quyên|Sen|Tâm|Thanh|Thi
Thơ|Thoa|Thúy|Thư|Tiên|Trà|Trâm|Trinh|Trúc|Tú|Uyên|Vi|Vy|Xuân|Ánh|Bích|Cúc|Diễm|Gấm|Hiên|Hồng|Hải Yến|Minh Anh|Ngọc Anh
Lan Anh|Mai Anh|Phương Anh|Quỳnh Anh|Thùy Linh|Khánh Linh|Mỹ Linh|Bảo Ngọc|Minh Ngọc|Hồng Ngọc|Minh Châu|Bảo Châu|Ngọc Mai
Thanh Mai|Xuân Mai|Ngọc Lan|Phương Thảo|Thu Thảo|Thanh Thảo|Thu Hà|Ngân Hà|Thu Trang|Huyền Trang|Thanh Hương|Lan Hương|Quỳnh Hương
Thu Hương|Gia Hân|Ngọc Hân|Thanh Thủy|Bích Ngọc|Như Quỳnh|Thùy Dung|Phương Dung|Kim Chi|Linh Chi|Quỳnh Chi|Hà My|Trà My|Diễm My
Bảo Vy|Tường Vy|Thảo Vy|Thảo Nhi|Yến Nhi|Tuệ Nhi|An Nhiên|Tú Anh|Hoài Thương|Thùy Trang|Hồng Nhung|Ánh Tuyết|Bạch Tuyết|Ngọc Trâm
Bảo Trâm|Thanh Trúc|Mai Phương|Thu Phương|Hà Phương|Mỹ Duyên|Kiều Oanh|Cẩm Tú|Anh Thư|Minh Thư|Kim Ngân|Tuyết Mai|Thanh Hà
"""

LOCAL_MEN = """
Nam|Minh|Tuấn|Hùng|Dũng|An|Bình|Hải|Long|Sơn|Việt|Phong|Huy|Khoa|Đức|Quân|Tùng|Thắng|Cường|Mạnh|Bảo|Khang|Hiếu|Nghĩa|Trung|Kiên
Lâm|Phúc|Quang|Hoàng|Tài|Thành|Đạt|Anh|Bách|Công|Chiến|Duy|Dương|Đăng|Điệp|Đông|Hào|Hậu|Hòa|Hưng|Khải|Khánh|Khôi|Lộc|Lợi|Luân
Nguyên|Nhân|Nhật|Phát|Phú|Phước|Quốc|Quý|Sang|Tân|Thái|Thiện|Thịnh|Thuận|Tiến|Tín|Toàn|Trí|Trọng|Trường|Tú|Tường|Văn|Vinh|Vũ
Vương|Xuân|Cảnh|Danh|Giáp|Hiển|Kha|Kỳ|Bắc|Đại|Đan|Định|Ân|Minh Anh|Tuấn Anh|Đức Anh|Việt Anh|Hoàng Anh|Thế Anh|Duy Anh|Quang Anh
Gia Bảo|Quốc Bảo|Thiên Bảo|Minh Đức|Anh Đức|Hồng Đức|Minh Quân|Anh Quân|Hoàng Quân|Minh Khang|Gia Khang|Bảo Khang|Gia Huy|Quang Huy
Nhật Huy|Đức Huy|Minh Huy|Hoàng Long|Thành Long|Bảo Long|Hải Long|Hoàng Nam|Nhật Nam|Hải Nam|Bảo Nam|Thành Nam|Phương Nam|Quốc Việt
Tuấn Kiệt|Anh Kiệt|Minh Khôi|Đăng Khôi|Anh Khoa|Đăng Khoa|Minh Triết|Minh Trí|Đức Trí|Hữu Phước|Thiên Phúc|Hoàng Phúc|Minh Phúc
Quang Minh|Nhật Minh|Hoàng Minh|Tuấn Minh|Anh Minh|Bình Minh|Quốc Hùng|Mạnh Hùng|Anh Dũng|Tiến Dũng|Trung Dũng|Trung Kiên|Đức Mạnh
Văn Nam|Xuân Trường|Công Phượng|Quang Hải|Thanh Tùng|Sơn Tùng|Hải Đăng|Hải Phong|Nam Phong|Thanh Phong|Đình Trọng|Tấn Tài|Đức Tài
"""

FOREIGN_WOMEN = """
Anna|Maria|Mary|Emma|Emily|Sarah|Sara|Julia|Julie|Lisa|Lily|Lucy|Kate|Jane|Janet|Susan|Linda|Helen|Alice|Amy|Olivia|Sophia|Sophie
Ella|Grace|Bella|Betty|Carla|Carol|Cindy|Clara|Diana|Elena|Eva|Fatima|Hannah|Jenny|Jessica|Karen|Kelly|Laura|Lena|Maya|Megan|Mia
Marta|Nancy|Natalia|Nora|Rachel|Rosa|Tina|Victoria|Wendy|Zoe|Aisha|Yuki|Sakura|Mei|Amina|Ngozi|Ana|Isabel|Marie|Chloe|Sandra|Tracy
"""

FOREIGN_MEN = """
Tom|John|James|Jack|Jim|Bob|Peter|Paul|David|Daniel|Mark|Mike|Michael|Sam|Ben|Bill|Alex|Adam|Andy|Brian|Carlos|Charles|Chris|Eric
Ethan|Frank|George|Harry|Henry|Ian|Ivan|Jacob|Jake|Jason|Jeff|Jerry|Joe|Juan|Karl|Kevin|Leo|Liam|Lucas|Luis|Martin|Max|Nick|Noah
Oliver|Oscar|Patrick|Pedro|Robert|Ryan|Simon|Steve|Steven|Tim|Tony|Victor|William|Ahmed|Ali|Omar|Kenji|Raj|Mohammed|Antonio|Marco
"""


def _names(table: str) -> list[str]:
    return [name for line in table.split("\n") for name in line.split("|") if name]


LOCAL = frozenset(_names(LOCAL_WOMEN) + _names(LOCAL_MEN))
WOMEN = _names(LOCAL_WOMEN) + _names(FOREIGN_WOMEN)
MEN = _names(LOCAL_MEN) + _names(FOREIGN_MEN)
