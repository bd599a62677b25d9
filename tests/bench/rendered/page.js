// Reads the truth of a page that follows the marks of `family.py`, in CSS pixels.
() => {
  const found = { tables: [], roles: [], rules: [], bands: [], strays: [], cut: [], ornaments: [] };
  const CJK = "\\u2e80-\\u9fff\\uac00-\\ud7af\\uff00-\\uffef";
  const WORD = new RegExp(`[${CJK}]|[^\\s${CJK}]+`, "g");
  const box = (rect) => [rect.left, rect.top, rect.right, rect.bottom].map((x) => x + 0);
  const transparent = (colour) => /^transparent$|^rgba\(.*, 0\)$|\/ 0\)$/.test(colour);

  // The words of an element in reading order; one that wraps becomes a word per line.
  function words(element, skipped) {
    const list = [];
    const walker = document.createTreeWalker(element, NodeFilter.SHOW_TEXT);
    for (let node = walker.nextNode(); node; node = walker.nextNode()) {
      if (node.parentElement.closest(skipped) !== element.closest(skipped)) continue;
      const style = getComputedStyle(node.parentElement);
      if (style.visibility === "hidden") continue;
      const range = document.createRange();
      const boxes = (from, to) => {
        range.setStart(node, from);
        range.setEnd(node, to);
        return [...range.getClientRects()].filter((rect) => rect.width > 0 && rect.height > 0);
      };
      const frames = framesOf(node.parentElement);
      for (const match of node.data.matchAll(WORD)) {
        const glued = match.index > 0 && !/\s/.test(node.data[match.index - 1]);
        const rects = boxes(match.index, match.index + match[0].length);
        if (rects.some((rect) => frames.some((frame) => isCut(rect, frame)))) found.cut.push(match[0]);
        const base = { size: parseFloat(style.fontSize), vertical: isVertical(node.parentElement) };
        if (rects.length === 1) {
          list.push({ text: match[0], box: box(rects[0]), glued, ...base });
          continue;
        }
        let last = null;
        for (let at = match.index; at < match.index + match[0].length; at++) {
          const [rect] = boxes(at, at + 1).slice(-1);
          if (!rect) continue;
          if (last && Math.abs(last.box[1] - rect.top) < 2) {
            last.text += node.data[at];
            last.box[2] = Math.max(last.box[2], rect.right);
            last.box[3] = Math.max(last.box[3], rect.bottom);
          } else {
            last = { text: node.data[at], box: box(rect), glued: last ? true : glued, ...base };
            list.push(last);
          }
        }
      }
    }
    return list;
  }

  // The boxes that hide what overflows them; what overflows the body is in the picture.
  function framesOf(element) {
    const frames = [];
    for (let each = element; each !== document.body; each = each.parentElement) {
      if (getComputedStyle(each).overflow !== "visible") frames.push(each.getBoundingClientRect());
    }
    return frames;
  }

  // A font's box has empty edges; a quarter of its height is more than they are.
  function isCut(rect, frame) {
    const [across, along] = [rect.height / 4, 1];
    return (
      rect.left < frame.left - along || rect.right > frame.right + along ||
      rect.top < frame.top - across || rect.bottom > frame.bottom + across
    );
  }

  function isVertical(element) {
    if (getComputedStyle(element).writingMode !== "horizontal-tb") return true;
    for (let each = element; each && each !== document.body; each = each.parentElement) {
      const matrix = /^matrix\(([^,]+), ([^,]+)/.exec(getComputedStyle(each).transform);
      if (matrix && Math.abs(matrix[2]) > Math.abs(matrix[1])) return true;
    }
    return false;
  }

  function readRules(element, style, rect) {
    const isTablePart = /^table-(row|column|header|footer|row-group|column-group)/.test(style.display);
    const table = element.closest("table");
    const collapsed = table !== null && getComputedStyle(table).borderCollapse === "collapse";
    if (isTablePart && !collapsed) return;
    // Collapsed borders lie half within the box, others wholly.
    const inner = collapsed && (isTablePart || style.display === "table-cell") ? 0 : 0.5;
    for (const [side, upright] of [["Top", 0], ["Bottom", 0], ["Left", 1], ["Right", 1]]) {
      const thickness = parseFloat(style[`border${side}Width`]);
      const kind = style[`border${side}Style`];
      const colour = style[`border${side}Color`];
      if (!thickness || kind === "none" || kind === "hidden" || transparent(colour)) continue;
      const into = (side === "Top" || side === "Left" ? 1 : -1) * inner * thickness;
      const at = rect[side.toLowerCase()] + into;
      const ends = upright ? [at, rect.top, at, rect.bottom] : [rect.left, at, rect.right, at];
      found.rules.push({ ends, thickness, colour, style: kind });
    }
  }

  function readBand(style, rect) {
    const colour = style.backgroundColor;
    if (transparent(colour) || !rect.width || !rect.height) return;
    const thin = Math.min(rect.width, rect.height);
    if (thin > 3) {
      found.bands.push({ box: box(rect), colour });
      return;
    }
    const [x, y] = [(rect.left + rect.right) / 2, (rect.top + rect.bottom) / 2];
    const lying = rect.width >= rect.height;
    const ends = lying ? [rect.left, y, rect.right, y] : [x, rect.top, x, rect.bottom];
    found.rules.push({ ends, thickness: thin, colour, style: "solid" });
  }

  for (const element of document.body.querySelectorAll("*")) {
    const style = getComputedStyle(element);
    if (style.display === "none" || style.visibility === "hidden") continue;
    const rect = element.getBoundingClientRect();
    readRules(element, style, rect);
    readBand(style, rect);
  }
  for (const table of document.querySelectorAll("[data-table]")) {
    const cells = [...table.querySelectorAll("[data-cell]")].map((cell) => ({
      place: cell.dataset.cell.split(" ").map(Number),
      header: cell.dataset.header !== undefined,
      box: box(cell.getBoundingClientRect()),
      words: words(cell, "[data-ornament]"),
    }));
    found.tables.push({ box: box(table.getBoundingClientRect()), cells });
  }
  for (const element of document.querySelectorAll("[data-role]")) {
    found.roles.push({ role: element.dataset.role, words: words(element, "[data-cell]") });
  }
  for (const element of document.querySelectorAll("[data-ornament]")) {
    found.ornaments.push(box(element.getBoundingClientRect()));
  }
  const marked = "[data-cell], [data-role], [data-ornament], script, style";
  const walker = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
  for (let node = walker.nextNode(); node; node = walker.nextNode()) {
    if (node.data.trim() && !node.parentElement.closest(marked)) found.strays.push(node.data.trim());
  }
  const body = document.body.getBoundingClientRect();
  const margin = getComputedStyle(document.body);
  // A table may be wider than the body, and text wider or taller than the box it is set in.
  const edge = parseFloat(margin.paddingRight) || 0;
  const rights = [...document.querySelectorAll("[data-table], [data-role]")].map(
    (each) => each.getBoundingClientRect().right + edge,
  );
  const texts = [...found.tables.flatMap((table) => table.cells), ...found.roles]
    .flatMap((each) => each.words)
    .map((word) => word.box);
  const furthest = (least, ends) => ends.reduce((most, end) => Math.max(most, Math.ceil(end)), least);
  const end = (side, least) => furthest(least, texts.map((text) => text[side]));
  found.width = end(2, Math.max(body.right, ...rights) + parseFloat(margin.marginRight));
  found.height = end(3, body.bottom + parseFloat(margin.marginBottom));
  found.before = [0, 1].map((side) => furthest(0, texts.map((text) => -text[side])));
  return found;
};
