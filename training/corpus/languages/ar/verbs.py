"""Arabic verbs by person: for each, the present and the past of he, she and I; also with `ه` and `ها`."""

from __future__ import annotations

# present, past; then "she" and "I" of the past where they do not follow from it
_VERBS = """
يشتري اشترى
يعطي أعطى
يهدي أهدى
يمضي أمضى
يقضي قضى
يتلقى تلقى
ينهي أنهى
يمشي مشى
يرمي رمى
يتخلى تخلى
ينوي نوى
يطلب طلب
يرغب رغب
يدفع دفع
يصرف صرف
ينفق أنفق
يكسب كسب
يربح ربح
يجمع جمع
يقطف قطف
يحصد حصد
يخبز خبز
يصنع صنع
يعمل عمل
ينتج أنتج
ينجز أنجز
يخيط خاط خاطت خطت
يبيع باع باعت بعت
يعود عاد عادت عدت
يقود قاد قادت قدت
يأخذ أخذ
يأكل أكل
يتناول تناول
يستهلك استهلك
يستخدم استخدم
يستعمل استعمل
يستعير استعار استعارت استعرت
يضيع أضاع أضاعت أضعت
يفقد فقد
يخسر خسر
يوزع وزع
يقسم قسم
يعبئ عبأ
يملأ ملأ
يضع وضع
يضيف أضاف أضافت أضفت
يخرج أخرج
يسحب سحب
يزيل أزال أزالت أزلت
يجد وجد
يعثر عثر
يحصل حصل
يستلم استلم
يتسلم تسلم
يحضر أحضر
يحتفظ احتفظ
يحمل حمل
يمتلك امتلك
يملك ملك
يتبرع تبرع
يمنح منح
يقدم قدم
يسلم سلم
يناول ناول
يرسل أرسل
يكسر كسر
ينسى نسي نسيت نسيت
يترك ترك
يضاعف ضاعف
يرتب رتب
يجهز جهز
يسجل سجل
يحرز أحرز
يلعب لعب
يتقاضى تقاضى
يحتاج احتاج احتاجت احتجت
يريد أراد أرادت أردت
يود ود ودت وددت
يخطط خطط
يقرر قرر
يستطيع استطاع استطاعت استطعت
يتمكن تمكن
يدخر ادخر
يوفر وفر
يحلم حلم
يبدأ بدأ
يبلغ بلغ
يكبر كبر
يصغر صغر
يسافر سافر
يسير سار سارت سرت
يقطع قطع
يركب ركب
يواصل واصل
يتابع تابع
يكمل أكمل
يستمر استمر استمرت استمررت
يستغرق استغرق
يصل وصل
ينطلق انطلق
يتوقف توقف
يقرأ قرأ
يطالع طالع
يتدرب تدرب
يتمرن تمرن
يمارس مارس
يدرس درس
يذاكر ذاكر
يركض ركض
يعزف عزف
يقص قص قصت قصصت
يحول حول
يسكن سكن
يعيش عاش عاشت عشت
يستيقظ استيقظ
يذهب ذهب
يلتقط التقط
يقتني اقتنى
يسترد استرد استردت استرددت
يختار اختار اختارت اخترت
يعد عد عدت عددت
يتنازل تنازل
يعير أعار أعارت أعرت
يولد ولد
يفوز فاز فازت فزت
يكون كان كانت كنت
يعرض عرض
يربي ربى
يتخلص تخلص
يستخرج استخرج
يأتي أتى
يتم أتم أتمت أتممت
يبعد بعد
ينتهي انتهى
يقوم قام قامت قمت
يقصر قصر
يحتفل احتفل
يجزئ جزأ
يجلب جلب
يجني جنى
ينال نال نالت نلت
يفرق فرق
يطبخ طبخ
يخصص خصص
يسدد سدد
يقبض قبض
يشتغل اشتغل
يتلف أتلف
"""


def _past(past: str, others: list[str]) -> dict[str, str]:
    if others:
        feminine, first = others
    elif past.endswith("ى"):
        feminine, first = f"{past[:-1]}ت", f"{past[:-1]}يت"
    else:
        feminine = first = f"{past}ت"
    return {"": past, "f": feminine, "I": first}


def _present(present: str) -> dict[str, str]:
    stem = present[1:]
    return {"": present, "f": f"ت{stem}", "I": f"آ{stem[1:]}" if stem[0] == "أ" else f"أ{stem}"}


def joined(verb: str, suffix: str) -> str:
    """`يتقاضى` and `ه` to `يتقاضاه`, `يقرأ` and `ها` to `يقرؤها`."""
    if suffix and verb.endswith("ى"):
        verb = f"{verb[:-1]}ا"
    elif suffix and verb in ("يقرأ", "تقرأ", "أقرأ"):
        verb = f"{verb[:-1]}ؤ"
    return verb + suffix


def _with_suffixes(table: dict[str, str]) -> dict[str, dict[str, str]]:
    return {
        joined(table[""], suffix): {who: joined(form, suffix) for who, form in table.items()}
        for suffix in ("", "ه", "ها")
    }


_ROWS = [row.split() for row in _VERBS.strip().splitlines()]
PAST_OF = {row[0]: row[1] for row in _ROWS}
_PAST = [_past(row[1], row[2:]) for row in _ROWS]
_PRESENT = [_present(row[0]) for row in _ROWS]

# `لديه`: a preposition with the suffix of the person.
_PREPOSITIONS = {
    f"{stem}ه": {"": f"{stem}ه", "f": f"{stem}ها", "I": mine}
    for stem, mine in (("لدي", "لدي"), ("عند", "عندي"), ("مع", "معي"), ("من", "مني"), ("ل", "لي"))
}

CONCORDS = (
    {key: table for verb in (*_PRESENT, *_PAST) for key, table in _with_suffixes(verb).items()}
    | {"يقرأها": _present("يقرأها")}  # after لم and ل
    | _PREPOSITIONS
)

# Every form of the past that may begin a clause, also of verbs that have no person in the patterns.
PAST_FORMS = {
    joined(form, suffix)
    for table in _PAST
    for form in table.values()
    for suffix in ("", "ه", "ها", "ني")
} | set(
    "تم تمت كلف كلفت احتوى احتوت بقي بقيت ضاع ضاعت نقص زاد ازداد وصلت اتسع اتسعت وسع وسعت استوعب استوعبت "
    "رتب سرقت فسد فسدت انكسر انكسرت هربت ذبلت صغرت تلفت تضررت تضاعف اتضح تبين وجد انخفض خفض خصم نزل صعد "
    "دخل خرج انضم سمح تقاسم جلس شكلت تطلبت احتجنا لزم كفت ذكر أنزلت فتح صار بيع بيعت اقتسم ذهب".split()
)

# What begins a clause in the present without a person.
PRESENT_FORMS = set(
    "يوجد توجد يبلغ تبلغ يحتوي تحتوي يأخذ تأخذ يصبح يزيد ينقص يقل يساوي يعادل يحمل تحمل يحضر يتسلم يعطي تشكل "
    "يتسع تتسع يمكن يسع تسع توضع يستوعب تستوعب يتقاسم يستمر يكلف تكلف يباع تباع يبيع يشتري يقدم يخفض ينخفض "
    "يخصم يحصل يعرض يدفع يجب تبعد يستغرق تستغرق يحتاج تحتاج نحتاج تتطلب تستخدم يلزم تكفي يذكر يركب تنطلق "
    "تغادر تبدأ يجلس يسافر يصعد ينضم يدخل يسمح ينزل تنزل يغادر يخرج يصل يفتح يصير يقتسم يذهب".split()
)
