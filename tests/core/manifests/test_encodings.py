import pytest
from hypothesis import given
from hypothesis import strategies as st

from converter.core.manifests.encodings import decode
from converter.core.manifests.model import ManifestError

CHINESE = "序号,产品名称,图片\n1,木椅,http://a.example/1.png\n2,圆桌,http://a.example/2.png\n"
WESTERN = [
    "Nr;Bezeichnung;Bild\n1;Stühle für draußen;http://a.example/1.png\n",
    "no,nom,image\n1,Chaise dorée à l\u2019ancienne,http://a.example/1.png\n",
    "nº,nombre,imagen\n1,Silla pequeña,http://a.example/1.png\n2,Baúl antigüo,http://a.example/\n",
    "no,name,image\n1,Café,http://a.example/1.png\n",
    "no,name,image\n1,Sofa 3 m² “blue”,http://a.example/1.png\n",
    "nr,navn,billede\n1,Grøn sofa på ben,http://a.example/1.png\n",
    "n,nome,imagem\n1,Decorações de Natal,http://a.example/1.png\n",
    "n,name,image\n1,Typ Ä,http://a.example/1.png\n2,Typ Ö,http://a.example/2.png\n",
    "n,nom,image\n1,Cœur en verre,http://a.example/1.png\n",
    "n,name,image\n1,Häagen-Dazs 100 ml,http://a.example/1.png\n2,Tarte à la crème,http://a/2\n",
    "n,nimi,kuva\n1,Yöpöytä Sää,http://a.example/1.png\n",
]
CENTRAL = [
    "č.;název;obrázek\n1;Židle dřevěná zelená;http://a.example/1.png\n2;Skříň bílá;http://a/2\n",
    "nr;nazwa;zdjęcie\n1;Krzesło dębowe;http://a.example/1.png\n2;Stół żółty;http://a/2.png\n",
    "sorszám;név;kép\n1;Fűtőtest nagy;http://a.example/1.png\n2;Őszi gyűrű;http://a/2.png\n",
    "br;naziv;slika\n1;Šator za kišu;http://a.example/1.png\n",
    "nr;nazwa;obraz\n1;książka;http://a.example/1.png\n",
]


@pytest.mark.parametrize(
    "encoding", ["utf-8", "utf-8-sig", "utf-16", "utf-16-le", "utf-16-be", "utf-32", "gb18030"]
)
def test_text_of_any_script_comes_back(encoding: str):
    assert decode(CHINESE.encode(encoding))[0] == CHINESE


@pytest.mark.parametrize("text", WESTERN)
def test_western_words_are_told_from_central_european_ones(text: str):
    assert decode(text.encode("cp1252")) == (text, "cp1252")


@pytest.mark.parametrize("text", CENTRAL)
def test_central_european_words_are_told_from_western_ones(text: str):
    assert decode(text.encode("cp1250")) == (text, "cp1250")


@pytest.mark.parametrize(
    ("text", "encoding"),
    [
        ("№;название;фото\n1;Стул деревянный;http://a.example/1.png\n2;Круглый стол;x\n", "cp1251"),
        ("番号,商品名,画像\n1,木製の椅子,http://a.example/1.png\n2,丸いテーブル,x\n", "cp932"),
    ],
)
def test_other_scripts_are_found_too(text: str, encoding: str):
    assert decode(text.encode(encoding))[0] == text


@pytest.mark.parametrize(
    "words",
    [
        "Vase l\u2019été",
        "Coupe d\u2019État",
        "«État»",
        "“élan”",
        "Café…",
        "Café \u2013 bleu",
        "Öl\u2013Übertopf",
    ],
)
def test_punctuation_may_touch_a_western_letter(words: str):
    text = f"no,name,image\n1,{words},http://a.example/1.png\n"
    assert decode(text.encode("cp1252")) == (text, "cp1252")


@pytest.mark.parametrize(
    ("words", "encoding"),
    [
        ("Стул «Лето»", "cp1251"),
        ("“Я” \u2013 стол", "cp1251"),
        ("肉の皿", "cp932"),
        ("東京タワー", "cp932"),
        ("나무 의자", "cp949"),
    ],
)
def test_punctuation_makes_no_other_script_western(words: str, encoding: str):
    text = f"no,name,image\n1,{words},http://a.example/1.png\n"
    assert decode(text.encode(encoding))[1] not in {"cp1250", "cp1252"}


@pytest.mark.parametrize("letter", "ÄÖÜßàáâãåæçèéêëíîïñóôöøùúûü")
def test_one_letter_at_the_end_of_a_word_is_enough(letter: str):
    text = f"no,name,image\n1,Caf{letter},http://a.example/1.png\n"
    assert decode(text.encode("cp1252")) == (text, "cp1252")


@pytest.mark.parametrize(
    "data",
    [b"PK\x03\x04rest", b"\xd0\xcf\x11\xe0\xa1", b"%PDF-1.7", b"\x89PNG\r\n", bytes(range(32))],
)
def test_what_is_no_text_is_refused(data: bytes):
    with pytest.raises(ManifestError) as caught:
        decode(data)
    assert caught.value.code == "csv_not_text"


@pytest.mark.parametrize("data", [b"\xef\xbb\xbfname\xff", b"\xff\xfen\0a\0m"])
def test_a_mark_is_believed(data: bytes):
    with pytest.raises(ManifestError, match="truncated or not valid UTF"):
        decode(data)


@given(st.binary(max_size=300))
def test_any_bytes_are_text_or_refused(data: bytes):
    try:
        text, encoding = decode(data)
    except ManifestError:
        return
    # Not the other way round: CP932 has several bytes for one character.
    assert data.decode(encoding).endswith(text)
    assert len(data.decode(encoding)) - len(text) in {0, 1}  # a byte order mark


@given(st.text(st.characters(codec="utf-8", exclude_categories=["Cc"]), max_size=100))
def test_utf_8_is_never_taken_for_anything_else(text: str):
    try:
        assert decode(("name," + text).encode())[0] == "name," + text
    except ManifestError as error:
        raise AssertionError(text) from error
