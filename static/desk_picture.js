// The picture of the review desk: zoom, pan, turn, and the place of the current cell. The picture is
// drawn anew at every zoom, so it stays sharp. `window.deskPicture` is what the other scripts use.
"use strict";

(() => {
  const by = (id) => document.getElementById(id);
  const plate = by("plate");
  const svg = by("plate-svg");
  if (!svg) return;
  const size = { w: Number(svg.dataset.width), h: Number(svg.dataset.height) };
  const here = by("here");
  const MOST = 8; // pixels of the screen for one of the picture
  const ROOM = 24; // pixels of the screen around what is shown
  let turn = 0; // quarter turns clockwise, by the person who looks
  let view = { x: 0, y: 0, w: size.w, h: size.h };
  let zoomed = 0; // pixels of the screen for one of the picture; 0 before it is first shown
  let current = null; // the box of the cell

  const turned = () => (turn % 2 ? { w: size.h, h: size.w } : size);

  function turnPoint(x, y) {
    if (turn === 1) return [size.h - y, x];
    if (turn === 2) return [size.w - x, size.h - y];
    return turn === 3 ? [y, size.w - x] : [x, y];
  }

  function turnBox([left, top, right, bottom]) {
    const [x1, y1] = turnPoint(left, top);
    const [x2, y2] = turnPoint(right, bottom);
    return { x: Math.min(x1, x2), y: Math.min(y1, y2), w: Math.abs(x2 - x1), h: Math.abs(y2 - y1) };
  }

  const scale = () => zoomed || 1;

  function show(next) {
    view = next;
    if (plate.clientWidth) zoomed = plate.clientWidth / view.w;
    svg.setAttribute("viewBox", `${view.x} ${view.y} ${view.w} ${view.h}`);
    by("zoom").textContent = `${Math.round(scale() * 100)} %`;
    document.dispatchEvent(new CustomEvent("picture:view"));
  }

  // A view at a scale, with a point of the picture in the middle of the pane.
  function at(wanted, x, y) {
    const w = plate.clientWidth / wanted;
    const h = plate.clientHeight / wanted;
    show({ x: x - w / 2, y: y - h / 2, w, h });
  }

  function fit(box, most = MOST) {
    const room = (pane, length) => Math.max(pane - 2 * ROOM, 40) / Math.max(length, 1);
    const wanted = Math.min(room(plate.clientWidth, box.w), room(plate.clientHeight, box.h), most);
    at(wanted, box.x + box.w / 2, box.y + box.h / 2);
  }

  const fitAll = () => fit({ x: 0, y: 0, ...turned() }, 2);

  function fitWidth() {
    const { w } = turned();
    const wanted = Math.min(plate.clientWidth / w, 2);
    at(wanted, w / 2, plate.clientHeight / wanted / 2);
    if (current) point(current);
  }

  function fitCell() {
    if (current) fit(turnBox(current), 4);
  }

  // Around a point of the pane, or its middle.
  function zoom(factor, x = plate.clientWidth / 2, y = plate.clientHeight / 2) {
    const least = Math.min(plate.clientWidth / turned().w, plate.clientHeight / turned().h) / 2;
    const wanted = Math.min(Math.max(scale() * factor, Math.min(least, 1)), MOST);
    const px = view.x + x / scale();
    const py = view.y + y / scale();
    const w = plate.clientWidth / wanted;
    const h = plate.clientHeight / wanted;
    show({ x: px - x / wanted, y: py - y / wanted, w, h });
  }

  function pan(dx, dy) {
    show({ ...view, x: view.x + dx / scale(), y: view.y + dy / scale() });
  }

  function turnBy(quarters) {
    turn = (turn + quarters + 4) % 4;
    const moves = ["", `translate(${size.h} 0) rotate(90)`];
    moves.push(`translate(${size.w} ${size.h}) rotate(180)`, `translate(0 ${size.w}) rotate(270)`);
    by("plate-turn").setAttribute("transform", moves[turn]);
    if (!turn) by("plate-turn").removeAttribute("transform");
    fitAll();
  }

  // Point at a cell; the picture moves only if the cell is not in sight, with some room around.
  function point(box) {
    current = box;
    here.toggleAttribute("hidden", !box);
    if (!box) return;
    const [left, top, right, bottom] = box;
    const edge = 3;
    here.setAttribute("x", left - edge);
    here.setAttribute("y", top - edge);
    here.setAttribute("width", right - left + 2 * edge);
    here.setAttribute("height", bottom - top + 2 * edge);
    const seen = turnBox(box);
    const room = ROOM / scale();
    const inSight =
      seen.x >= view.x + room &&
      seen.y >= view.y + room &&
      seen.x + seen.w <= view.x + view.w - room &&
      seen.y + seen.h <= view.y + view.h - room;
    if (!inSight && zoomed) at(zoomed, seen.x + seen.w / 2, seen.y + seen.h / 2);
  }

  // The place on the upright picture under the pointer.
  function toImage(event) {
    const matrix = by("plate-turn").getScreenCTM().inverse();
    const place = new DOMPoint(event.clientX, event.clientY).matrixTransform(matrix);
    return [place.x, place.y];
  }

  const views = {
    in: () => zoom(1.5),
    out: () => zoom(1 / 1.5),
    cell: fitCell,
    all: fitAll,
    turn: () => turnBy(1),
  };
  document.addEventListener("click", (event) => {
    views[event.target.closest?.("[data-view]")?.dataset.view]?.();
  });

  const keys = {
    "+": () => zoom(1.25),
    "=": () => zoom(1.25),
    "-": () => zoom(1 / 1.25),
    0: fitAll,
    f: fitCell,
    r: () => turnBy(1),
    d: () => by("draw-open")?.click(),
    p: () => by("point-open")?.click(),
    ArrowLeft: () => pan(-60, 0),
    ArrowRight: () => pan(60, 0),
    ArrowUp: () => pan(0, -60),
    ArrowDown: () => pan(0, 60),
  };
  plate.addEventListener("keydown", (event) => {
    if (event.target !== plate || event.ctrlKey || event.metaKey || event.altKey) return;
    if (!keys[event.key]) return;
    event.preventDefault();
    keys[event.key]();
  });

  plate.addEventListener(
    "wheel",
    (event) => {
      event.preventDefault();
      const { left, top } = plate.getBoundingClientRect();
      const step = event.deltaMode === 1 ? 33 : 1; // a wheel that counts lines
      zoom(2 ** (-event.deltaY * step * 0.002), event.clientX - left, event.clientY - top);
    },
    { passive: false },
  );

  // One pointer pans, two zoom; a press that does not move chooses what is there.
  const down = new Map();
  let moved = 0;
  plate.addEventListener("pointerdown", (event) => {
    if (event.target.closest("[data-drag]")) return;
    down.set(event.pointerId, [event.clientX, event.clientY]);
    if (down.size === 1) moved = 0;
  });
  plate.addEventListener("pointermove", (event) => {
    const before = down.get(event.pointerId);
    if (!before) return;
    const now = [event.clientX, event.clientY];
    const other = [...down].find(([id]) => id !== event.pointerId)?.[1];
    if (other) {
      const apart = (a, b) => Math.hypot(a[0] - b[0], a[1] - b[1]) || 1;
      const { left, top } = plate.getBoundingClientRect();
      const middle = [(now[0] + other[0]) / 2 - left, (now[1] + other[1]) / 2 - top];
      zoom(apart(now, other) / apart(before, other), ...middle);
    } else pan(before[0] - now[0], before[1] - now[1]);
    moved += Math.hypot(now[0] - before[0], now[1] - before[1]);
    if (moved > 4 && !plate.hasPointerCapture(event.pointerId))
      plate.setPointerCapture(event.pointerId);
    down.set(event.pointerId, now);
  });
  for (const name of ["pointerup", "pointercancel"])
    plate.addEventListener(name, (event) => {
      const wasDown = down.delete(event.pointerId);
      if (!wasDown || name === "pointercancel" || moved > 4 || down.size) return;
      const [x, y] = toImage(event);
      document.dispatchEvent(new CustomEvent("picture:press", { detail: { x, y } }));
    });
  plate.addEventListener("click", (event) => {
    if (event.target.closest("a")) event.preventDefault();
  });

  // The same place at the same scale in a pane of another size. One without a size, as on a phone
  // where it is folded, shows nothing yet.
  new ResizeObserver(() => {
    if (!plate.clientWidth || !plate.clientHeight) return;
    if (zoomed) at(zoomed, view.x + view.w / 2, view.y + view.h / 2);
    else fitWidth();
  }).observe(plate);

  window.deskPicture = { point, fitCell, toImage, scale, size, show: fitAll };
})();
