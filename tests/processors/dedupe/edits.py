"""What outlets and machines do to a wire text."""

import random


def respelled(text: str) -> str:
    """Other hamzas, digits, quotes, Persian letters, more and fewer spaces; no word is another."""
    table = str.maketrans("أإآىةيك0123456789،", "اااية" + "یک" + "٠١٢٣٤٥٦٧٨٩,")
    return text.translate(table).replace(" ", "  ").replace("\n\n", "\n\u200f")


def presentation_forms(text: str) -> str:
    """Ligatures and isolated forms, as PDF readers give them, with tatweel and direction marks."""
    for plain, form in (("لا", "ﻻ"), ("ال", "ﺍﻟ"), ("في", "ﻓﻲ"), ("من", "ﻣﻦ")):
        text = text.replace(plain, form)
    return "\u202b" + text.replace("ر", "رـ") + "\u202c"


def mojibake(text: str) -> str:
    """UTF-8 read as Windows-1252."""
    return "".join(bytes([byte]).decode("cp1252", "ignore") or chr(byte) for byte in text.encode("utf-8"))


def glued(text: str) -> str:
    """No spaces at all."""
    return "".join(text.split())


def with_residue(text: str) -> str:
    """Tags and broken entities."""
    return text.replace("\n\n", "<br/>&nbsp;<p class='body'>").replace("،", "quot;،")


def garbled(text: str) -> str:
    """One character in a hundred is another one."""
    chance = random.Random(7)
    return "".join(
        chance.choice("بتثجحخ") if letter.isalpha() and chance.random() < 0.01 else letter for letter in text
    )


def reordered(text: str) -> str:
    """A new lead, the paragraphs from the last to the second."""
    first, *others = text.strip().split("\n\n")
    return "\n\n".join(["وفي ما يلي تفاصيل ما جرى كما رواها من كانوا في المكان.", *others[::-1], first])
