"""img2table with RapidOCR as it comes, as a child of the benchmark, in a venv of its own."""

from __future__ import annotations

from pathlib import Path

from img2table.document import Image
from img2table.ocr import RapidOCR

from tests.bench.child import serve


def main() -> None:
    ocr = RapidOCR()

    def convert(image: Path, out: Path) -> dict[str, float]:
        Image(str(image)).to_xlsx(dest=str(out), ocr=ocr, borderless_tables=True)
        return {}

    serve(convert)


if __name__ == "__main__":
    main()
