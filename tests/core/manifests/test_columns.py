import pytest
from hypothesis import given
from hypothesis import strategies as st

from converter.core.manifests.columns import find, is_address, split
from converter.core.manifests.model import Columns

A, B, C = "http://a.example/1.png", "https://b.example/2.png?x=1", "HTTP://C.example/w_3,h_4/3.png"
URL = "http://a.example/1.png"


@pytest.mark.parametrize(
    "header",
    [
        ["Serial Number", "Product Name", "Image URLs"],
        ["S.No.", "product_name", "input_image_urls"],
        ["#", "Title", "ImageURL"],
        ["SKU", "Item", "Photo 1"],
        ["Lfd. Nr.", "Bezeichnung", "Bildadresse"],
        ["Artikelnummer", "Artikel", "Produktbilder"],
        ["N°", "Nom", "Photos"],
        ["Número", "Nombre del producto", "Imágenes"],
        ["Numero di serie", "Prodotto", "Immagini"],
        ["Nr", "Nazwa", "Zdjęcie"],
        ["Číslo", "Název", "Obrázek"],
        ["Номер", "Наименование товара", "Изображение"],
        ["序号", "产品名称", "产品图片"],
        ["番号", "商品名", "画像URL"],
        ["번호", "상품", "이미지"],
    ],
)
def test_names_are_known_in_many_languages(header: list[str]):
    assert find(header, [["1", "Chair", URL]]) == Columns((2,), 0, 1)


def test_the_order_of_the_columns_does_not_matter():
    assert find(["Bild", "Name", "Nr"], [[URL, "Stuhl", "1"]]) == Columns((0,), 2, 1)


def test_several_columns_of_pictures_are_all_taken():
    header = ["Image 1", "Name", "Image 2", "image_3"]
    assert find(header, [[URL, "Chair", "", URL], [URL, "Table", URL, ""]]) == Columns(
        (0, 2, 3), None, 1
    )


def test_a_link_to_a_shop_is_no_picture():
    found = find(["Product URL", "Picture"], [["http://shop.example/", URL]])
    assert found is not None
    assert found.addresses == (1,)


def test_a_column_of_file_names_gives_way_to_one_of_addresses():
    found = find(["Image", "Link"], [["chair.png", URL]])
    assert found is not None
    assert found.addresses == (1,)


def test_addresses_are_found_under_any_name():
    found = find(["a", "b"], [["", ""], ["x", URL]])
    assert found is not None
    assert found.addresses == (1,)


def test_a_name_is_enough_where_no_address_is_found():
    found = find(["Name", "Photographs"], [["Chair", "chair.png"]])
    assert found == Columns((1,), None, 0)


def test_nothing_is_made_up():
    assert find(["Name", "Price"], [["Chair", "12"]]) is None


@pytest.mark.parametrize("between", [",", ";", " ", "\n", "\r\n", ", ", " ; ", "|", ",,", ", \n "])
def test_addresses_are_told_apart_whatever_stands_between(between: str):
    assert split(between.join([A, B, C])) == [A, B, C]


@pytest.mark.parametrize(
    ("cell", "found"),
    [
        ("", []),
        (" , ; \n", []),
        (f"{A},", [A]),
        (f'"{A}", "{B}"', [A, B]),
        (f"<{A}>", [A]),
        ("http://a.example/my chair.png", ["http://a.example/my chair.png"]),
        ("chair.png", ["chair.png"]),
        (f"{A} file:///etc/passwd,gopher://x/", [A, "file:///etc/passwd", "gopher://x/"]),
        ("javascript:alert(1)", ["javascript:alert(1)"]),
    ],
)
def test_what_a_cell_holds(cell: str, found: list[str]):
    assert split(cell) == found


def test_any_scheme_is_an_address_and_a_word_is_none():
    assert is_address(" gopher://x/")
    assert not is_address("see http://a.example/")
    assert not is_address("12:30")


@given(
    st.lists(st.sampled_from([A, B, C]), max_size=8), st.text(" ,;|\n\t", min_size=1, max_size=5)
)
def test_nothing_is_lost_and_nothing_made_up(addresses: list[str], between: str):
    assert split(between.join(addresses)) == addresses


def test_signs_without_end_take_no_time_without_end():
    """Quadratic, this would take an hour."""
    assert split(A + " ,;|" * 100_000 + B + ";" * 100_000) == [A, B]
