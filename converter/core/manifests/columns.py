"""What each column of a list holds, by its name in many languages and by its cells.

An address may have any scheme here; `outbound.urls` decides which are requested.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Sequence
from typing import Final

from converter.core.manifests.model import Columns

_SCHEME: Final = r"[a-zA-Z][a-zA-Z0-9+.\-]*://"
_BEGINNING: Final = re.compile(rf"\s*[\"'<]?{_SCHEME}")
# An address may hold commas, and people write spaces into it: only where another address follows
# do they separate two. Each run of separators is tried once.
_BETWEEN: Final = re.compile(rf"(?<![\s,;|])[\s,;|]+(?=[\"'<]?{_SCHEME})")
_AROUND: Final = " \t\r\n\u00a0,;|\"'<>"

_CAMEL: Final = re.compile(r"(?<=[a-z])(?=[A-Z])")
_NO_LETTERS: Final = re.compile(r"[^\w]+|_+|(?<=\D)\d+(?=\D|$)")
_LONGEST: Final = 200  # characters of a name that are read
_SHORT: Final = 4  # characters; a shorter word must be a whole word of the name


def _words(text: str) -> frozenset[str]:
    return frozenset(_plain(text).split())


def _plain(name: str) -> str:
    """The words of a name in lower case, without accents or digits at their ends."""
    apart = _CAMEL.sub(" ", unicodedata.normalize("NFKC", name.replace("°", "o")))
    letters = unicodedata.normalize("NFKD", apart.casefold())
    plain = "".join(letter for letter in letters if not unicodedata.combining(letter))
    return _NO_LETTERS.sub(" ", plain).strip()


_PICTURE: Final = _words("""
    image images img imgs picture pictures pic pics photo photos photograph scan scans screenshot
    thumbnail bild bilder foto fotos abbildung imagen imagenes imagem imagens immagine immagini
    obraz obrazy obrazek obrazky zdjecie zdjecia slika slike kuva kuvat kep kepek resim resimler
    gorsel afbeelding afbeeldingen plaatje billede billeder bilde poza imagine imagini φωτογραφια
    εικονα изображение изображения фото картинка картинки зображення снимка 图片 图像 照片 圖片 画像
    写真 이미지 사진 صورة صور תמונה चित्र รูปภาพ hinhanh
""")
_LINK: Final = _words("""
    url urls uri link links href address addresses adresse adressen lien liens enlace enlaces
    collegamento odkaz odkazy adres adresy ссылка ссылки 链接 網址 网址 リンク 링크 주소 رابط קישור
""")
_SERIAL: Final = _words("""
    serial sn id no nr num number nummer numero numer sku ean gtin barcode code pos position index
    seriennummer artikelnummer lfd laufende bestellnummer numeri lp sorszam siranumarasi numara
    номер код 序号 編號 编号 番号 번호 رقم מספר cislo stevilka broj
""")
_PRODUCT: Final = _words("""
    product name title item article artikel produkt bezeichnung benennung titel nombre producto
    articulo nom produit designation libelle prodotto nome articolo produto nazwa nazev vyrobek
    naam omschrijving navn tuote nimi nev termek ad urun ime naziv denumire ονομα название товар
    наименование назва 名称 名稱 产品 產品 商品 品名 商品名 产品名称 이름 상품 제품 اسم שם
""")


def find(header: Sequence[str], rows: Sequence[Sequence[str]]) -> Columns | None:
    """The columns with addresses, with serial numbers and with products; None without addresses.

    Columns named for pictures come before those named for links, and both before those that only
    hold addresses: a link to a shop is not a picture. A name alone is enough if no cell helps.
    """
    names = [_plain(name[:_LONGEST]) for name in header]
    full = [
        any(column < len(row) and is_address(row[column]) for row in rows)
        for column in range(len(header))
    ]
    pictures = [number for number, name in enumerate(names) if _is(name, _PICTURE)]
    links = [number for number, name in enumerate(names) if _is(name, _LINK)]
    choices = (
        [number for number in pictures if full[number]],
        [number for number in links if full[number]],
        [number for number in range(len(header)) if full[number]],
        pictures,
        links,
    )
    chosen = next(filter(None, choices), [])
    if not chosen:
        return None
    others = [number for number in range(len(header)) if number not in chosen]
    serial = next((n for n in others if _is(names[n], _SERIAL) or header[n].strip() == "#"), None)
    product = next((n for n in others if n != serial and _is(names[n], _PRODUCT)), None)
    return Columns(tuple(chosen), serial, product)


def split(cell: str) -> list[str]:
    """The addresses in a cell, separated by commas, semicolons, bars, spaces or line breaks."""
    pieces = (piece.strip(_AROUND) for piece in _BETWEEN.split(cell))
    return [piece for piece in pieces if piece]


def is_address(cell: str) -> bool:
    """Whether a cell begins like an address, whatever its scheme."""
    return _BEGINNING.match(cell) is not None


def _is(name: str, words: frozenset[str]) -> bool:
    """Whether a word of the name is one of `words` or a compound with one, as `bildadresse`."""
    long_words = tuple(known for known in words if len(known) >= _SHORT)
    for word in name.split():
        if word in words:
            return True
        if word.isascii():
            if word.startswith(long_words) or word.endswith(long_words):
                return True
        # Some scripts write no spaces between words.
        elif any(known in word for known in words if not known.isascii()):
            return True
    return False
