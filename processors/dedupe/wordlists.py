"""Words that the figures gate knows, as sets of folded forms with their proclitics; built on import in a millisecond."""

from processors.dedupe.folding import fold_list as fold

_PROCLITICS = ("", "و", "ف", "ب", "ل", "ال", "وال", "بال", "لل", "ول", "وب", "فال")


def _forms(words: str, proclitics: tuple[str, ...] = _PROCLITICS) -> list[str]:
    return [proclitic + word for word in fold(words).split() for proclitic in proclitics]


def _set(words: str) -> frozenset[str]:
    return frozenset(fold(words).split())


_CASUALTY_WORDS = {
    "dead": (
        "قتيل قتيلا قتلي قتل قتلت قتلوا يقتل تقتل مقتل مصرع استشهاد استشهد استشهدت استشهدوا شهيد شهيدا شهداء وفاه وفيات توفي توفيت توفوا "
        "ضحيه ضحايا لقي لقوا قضي قضوا صرعي جثه جثث جثمان جثامين حتف حتفهم مصرعهم مقتلهم وفاتهم اعدام اعدم اعدمت"
    ),
    "hurt": (
        "جريح جريحا جرحي جرح جرحت جرحوا اصابه اصاباته اصابات اصيب اصيبت اصيبوا مصاب مصابا مصابين مصابون مصابي يصاب مصابه بجروح جراح اصابتهم"
    ),
    "missing": "مفقود مفقودا مفقودين مفقودون فقدان مفقودي",
    "held": (
        "اعتقال اعتقل اعتقلت معتقل معتقلا معتقلين اسر اسير اسيرا اسري خطف خطفوا اختطاف مختطف مختطفا مختطفين مخطوف مخطوفا "
        "مخطوفين رهينه رهائن رهاين"
    ),
}
CASUALTY: dict[str, str] = {form: category for category, listed in _CASUALTY_WORDS.items() for form in _forms(listed)}
"""Folded form → category of the toll."""

_DUAL_CASUALTIES = {
    "dead": "قتيلان قتيلين شهيدان شهيدين جثتان جثتين قتيلتان قتيلتين",
    "hurt": "جريحان جريحين مصابان",
    "missing": "مفقودان",
    "held": "معتقلان اسيران اسيرين رهينتان رهينتين مختطفان",
}
_DUAL_PERSONS = (
    "شخصان شخصين جنديان جنديين طفلان طفلين رجلان رجلين امراتان امراتين عنصران عنصرين شابان شابين شرطيان شرطيين ضابطان ضابطين مدنيان "
    "طفلتان طفلتين سيدتان سيدتين شقيقان شقيقين اخران صحفيان صحفيين مسلحان مواطنان عاملان عاملين"
)
DUALS: dict[str, str] = {
    **dict.fromkeys(_forms(_DUAL_PERSONS), ""),
    **{form: category for category, listed in _DUAL_CASUALTIES.items() for form in _forms(listed)},
}
"""Dual nouns that are number and noun in one → category, "" for persons. «مدنيين» and its like may be plural: left out."""

SINGLE_PERSONS = _set("شخص جندي طفل مدني رجل امراه شاب شرطي ضابط طفله سيده مواطن عنصر عامل صحفي اخر")
"""After a word of dying or wounding: one."""

_UNITS = {
    1: "احد احدي",
    2: "اثنان اثنين اثنتان اثنتين اثنا اثني اثنتا اثنتي",
    3: "ثلاثه ثلاث",
    4: "اربعه اربع",
    5: "خمسه خمس",
    6: "سته ست",
    7: "سبعه سبع",
    8: "ثمانيه ثماني ثمان",
    9: "تسعه تسع",
    10: "عشره عشر",
    20: "عشرون عشرين",
    30: "ثلاثون ثلاثين",
    40: "اربعون اربعين",
    50: "خمسون خمسين",
    60: "ستون ستين",
    70: "سبعون سبعين",
    80: "ثمانون ثمانين",
    90: "تسعون تسعين",
    100: "مييه ميه مايه",
    200: "ميتان ميتين مايتان مايتين ميتا ميتي مايتا مايتي",
    **{
        100 * digit: f"{stem}ميه {stem}مايه"
        for digit, stem in ((3, "ثلاث"), (4, "اربع"), (5, "خمس"), (6, "ست"), (7, "سبع"), (8, "ثمان"), (9, "تسع"))
    },
    1000: "الف الفا",
    2000: "الفان الفين",
}
NUMBER_WORDS: dict[str, int] = {
    form: value for value, listed in _UNITS.items() for form in _forms(listed, ("", "و", "ب", "ل", "ف", "ال", "وال"))
}
"""Folded number word → value. The bare «واحد» is left out: it seldom counts."""
for _form in (
    "احد",
    "احدي",
    "واحدي",
    "الاحد",
    "والاحد",
    "باحدي",
    "باحد",
    "فاحد",
    "لاحد",
    "لاحدي",
    "فاحدي",
    "الاحدي",
    "والاحدي",
    "ستي",
):
    NUMBER_WORDS.pop(_form, None)
NUMBER_WORDS.update({"واحد": 1, "احدعشر": 11})

SCALES = {
    "الف": 1000,
    "الفا": 1000,
    "الاف": 1000,
    "مليون": 1_000_000,
    "مليونا": 1_000_000,
    "ملايين": 1_000_000,
    "مليار": 1_000_000_000,
    "مليارا": 1_000_000_000,
    "مليارات": 1_000_000_000,
}
AT_LEAST = _set("اكثر يزيد يفوق تجاوز تجاوزت فوق يقل لايقل ازيد نحو حوالي قرابه زهاء يقارب")
"""Words before a number that make it a bound or an estimate."""

MONTHS = _set(
    "يناير فبراير مارس ابريل مايو يونيو يونيه يوليو يوليه اغسطس سبتمبر اكتوبر نوفمبر ديسمبر كانون شباط اذار "
    "نيسان ايار حزيران تموز اب ايلول تشرين محرم صفر رجب شعبان رمضان شوال"
)
COUNTED_THINGS = frozenset(
    form
    for form in _forms(
        "غاره غارات سياره سيارات منزل منازل منزلا يوم ايام يوما ساعه ساعات شهر اشهر شهرا عام اعوام عاما سنه سنوات دقيقه دقائق "
        "دقايق كيلومتر "
        "كيلومترا كيلومترات كلم كم متر مترا امتار قذيفه قذائف قذايف صاروخ صواريخ صاروخا قريه قري بلده بلدات طائره طائرات طايره طايرات "
        "دبابه "
        "دبابات اليه اليات مليون دولار ريال درجه درجات مدرسه مدارس مستشفي مركز مراكز حي احياء احيا طن برميل برميلا مره مرات اسبوع اسابيع"
        " % نقطه نقاط",
        ("", "ب", "ال"),
    )
)
"""Nouns that make a number before them anything but a toll."""

FILLERS = _set(
    "في من علي الي عن ان انه ما لا هذا هذه التي الذي و او ثم قد كان كانت مع بين بعد قبل كما لم لن اي كل نحو "
    "اكثر حوالي قرابه ب ل"
)
"""Words that are no context."""
