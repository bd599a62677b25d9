"""What the columns of a list are: by their names, as people of many languages write them, and by
what stands in them."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Sequence
from typing import Final

from converter.core.manifests.addresses import is_address
from converter.core.manifests.model import Columns

_CAMEL: Final = re.compile(r"(?<=[a-z])(?=[A-Z])")
_NO_LETTERS: Final = re.compile(r"[^\w]+|_+|(?<=\D)\d+(?=\D|$)")
_LONGEST: Final = 200  # letters of a name that are looked at
_SHORT: Final = 4  # letters; a shorter word is looked for as a whole alone


def _words(text: str) -> frozenset[str]:
    return frozenset(_plain(text).split())


def _plain(name: str) -> str:
    """Words in small letters without accents, a blank between two, and no digits at their ends."""
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
    """Which columns hold addresses, and which a serial number and a product; None if none does.

    Columns called pictures come before those called links, and both before those that just hold
    addresses: a link to a shop is no picture. A name alone is enough where nothing else is found.
    """
    names = [_plain(name[:_LONGEST]) for name in header]
    full = [_holds_addresses(column, rows) for column in range(len(header))]
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


def _holds_addresses(column: int, rows: Sequence[Sequence[str]]) -> bool:
    return any(column < len(row) and is_address(row[column]) for row in rows)


def _is(name: str, words: frozenset[str]) -> bool:
    """Is one of the words of a name among these, or made up with one, as `bildadresse`?"""
    return any(_is_word(word, words) for word in name.split())


def _is_word(word: str, words: frozenset[str]) -> bool:
    if word in words:
        return True
    if not word.isascii():  # scripts that write no blanks between words
        return any(known in word for known in words if not known.isascii())
    longer = (known for known in words if len(known) >= _SHORT)
    return any(word.startswith(known) or word.endswith(known) for known in longer)
