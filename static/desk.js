// The review desk: a grid walked through by keys, the editor of its current cell, and what was said
// on its way to the server. The page goes on at once; answers are sent one after the other behind it.
"use strict";

(() => {
  const by = (id) => document.getElementById(id);
  const desk = by("desk");
  const editor = by("editor");
  if (!desk || !editor) return;
  const OFFERS = [" ", "/", "\\"];
  const FAST = 20; // answers that the pace is measured on
  const LOOK_BACK = 120_000; // milliseconds
  const text = by("text");
  const input = (name) => editor.elements.namedItem(name);
  let current = null; // the cell that the editor shows
  let anchor = null; // where choosing several cells began
  let grids = new Map(); // by table, for each place of it the cell there

  // --- the grid ---------------------------------------------------------------------------------

  function placeOf(cell) {
    const [table, row, col] = cell.dataset.at.split(".").map(Number);
    return { table, row, col, rows: cell.rowSpan, cols: cell.colSpan };
  }

  function learnGrid() {
    grids = new Map();
    for (const section of document.querySelectorAll(".desk-table")) {
      const rows = Array.from({ length: Number(section.dataset.rows) }, () => []);
      for (const cell of section.querySelectorAll("[data-at]")) {
        const at = placeOf(cell);
        for (let row = at.row; row < at.row + at.rows; row++)
          for (let col = at.col; col < at.col + at.cols; col++)
            if (rows[row]) rows[row][col] = cell.id;
      }
      grids.set(Number(section.dataset.table), rows);
    }
  }

  const cellAt = (table, row, col) => by(grids.get(table)?.[row]?.[col]);
  const textOf = (cell) => cell?.querySelector(".text")?.textContent.trimEnd() ?? "";
  const openCells = () =>
    [...document.querySelectorAll("#grid [data-rank]")].sort(
      (one, other) => one.dataset.rank - other.dataset.rank,
    );

  function nextOpen(step = 1) {
    const cells = openCells().filter((cell) => cell !== current);
    const rank = Number(current?.dataset.rank ?? current?.dataset.was ?? 0);
    if (step < 0) cells.reverse();
    const further = cells.find((cell) => (Number(cell.dataset.rank) - rank) * step > 0);
    return further ?? cells[0] ?? null;
  }

  function heading({ table, row, col }) {
    const rows = grids.get(table) ?? [];
    const head = [];
    for (let above = 0; above < row; above++) {
      const cell = by(rows[above]?.[col]);
      if (cell?.getAttribute("scope") === "col" && textOf(cell)) head.push(textOf(cell));
    }
    const name = col > 0 ? textOf(cellAt(table, row, 0)) : "";
    const parts = [...new Set(head), name].filter(Boolean).map((part) => part.slice(0, 60));
    return parts.length ? parts.join(" · ") : `Row ${row + 1}, column ${col + 1}`;
  }

  const boxOf = (cell) => cell?.dataset.box?.split(" ").map(Number) ?? null;

  function choose(cells) {
    for (const cell of document.querySelectorAll("#grid .chosen")) cell.classList.remove("chosen");
    if (cells.length > 1) for (const cell of cells) cell.classList.add("chosen");
  }

  // The cells from the anchor to the current one.
  function area() {
    const one = placeOf(current);
    const other = anchor ? placeOf(by(anchor) ?? current) : one;
    if (one.table !== other.table) return { ...one, lastRow: one.row, lastCol: one.col };
    return {
      table: one.table,
      row: Math.min(one.row, other.row),
      col: Math.min(one.col, other.col),
      lastRow: Math.max(one.row + one.rows, other.row + other.rows) - 1,
      lastCol: Math.max(one.col + one.cols, other.col + other.cols) - 1,
    };
  }

  function cellsIn({ table, row, col, lastRow, lastCol }) {
    const ids = new Set();
    for (let r = row; r <= lastRow; r++)
      for (let c = col; c <= lastCol; c++) ids.add(grids.get(table)?.[r]?.[c]);
    return [...ids].map(by).filter(Boolean);
  }

  // --- the editor -------------------------------------------------------------------------------

  function cutOut(box) {
    const svg = by("cutout");
    by("no-cutout").hidden = Boolean(box);
    svg.toggleAttribute("hidden", !box);
    if (!box) return;
    if (!svg.firstChild) svg.append(document.querySelector("#plate-turn > image").cloneNode());
    const [left, top, right, bottom] = box;
    const high = Math.min(Math.max(bottom - top, 12), 200);
    const [x, y] = [high * 1.5, high * 0.5];
    const size = [right - left + 2 * x, bottom - top + 2 * y];
    svg.setAttribute("viewBox", `${left - x} ${top - y} ${size[0]} ${size[1]}`);
    let frame = svg.querySelector("rect");
    if (!frame) {
      frame = document.createElementNS("http://www.w3.org/2000/svg", "rect");
      svg.append(frame);
    }
    const edge = Math.min(3, high / 6);
    const around = [left - edge, top - edge, right - left + 2 * edge, bottom - top + 2 * edge];
    ["x", "y", "width", "height"].forEach((name, n) => {
      frame.setAttribute(name, around[n]);
    });
  }

  function offer(cell) {
    const list = by("offers");
    list.replaceChildren();
    OFFERS.forEach((key, n) => {
      const proposed = cell.getAttribute(`data-offer-${n + 1}`);
      if (!proposed) return;
      const button = document.createElement("button");
      button.className = "button small offer";
      button.name = "offer";
      button.value = proposed;
      const words = document.createElement("span");
      words.className = "offer-text";
      words.textContent = proposed;
      const hint = document.createElement("kbd");
      hint.textContent = key === " " ? "Space" : key;
      button.append(words, " ", hint);
      list.append(button);
    });
  }

  function fitText() {
    text.rows = Math.min(Math.max(text.value.split("\n").length, 1), 6);
  }

  function fillEditor() {
    const at = placeOf(current);
    for (const name of ["table", "row", "col"]) input(name).value = at[name];
    input("shape").value = by("grid").dataset.shape;
    input("was").value = text.value = textOf(current);
    fitText();
    by("where").textContent = heading(at);
    const why = current.dataset.why ?? current.dataset.state ?? "";
    by("why").textContent = why.charAt(0).toUpperCase() + why.slice(1);
    editor.dataset.kind = current.dataset.rank
      ? "open"
      : current.dataset.state
        ? "settled"
        : "sure";
    by("accept").querySelector(".verb").textContent = current.dataset.rank ? "Accept" : "Keep";
    offer(current);
    by("same-link").hidden = !current.dataset.corrected;
    by("same-link").href = `${desk.dataset.same}?at=${current.dataset.at}`;
    cutOut(boxOf(current));
    window.deskPicture?.point(boxOf(current));
  }

  // Without a table there is no cell, and nothing to say of it.
  function showEditor() {
    for (const part of [editor, by("structure"), by("point-open")]) part.hidden = !current;
  }

  function select(cell, { focus = true, extend = false } = {}) {
    if (!cell) return;
    if (current && current !== cell) {
      current.classList.remove("current");
      current.tabIndex = -1;
      current.removeAttribute("aria-selected");
    }
    if (!extend) anchor = cell.id;
    current = cell;
    cell.classList.add("current");
    cell.tabIndex = 0;
    cell.setAttribute("aria-selected", "true");
    choose(extend ? cellsIn(area()) : []);
    fillEditor();
    if (focus) cell.focus({ preventScroll: true });
    keepInSight(cell);
  }

  // Under the heading that stays and beside the first column, not behind them.
  function keepInSight(cell) {
    const scroll = cell.closest(".grid");
    const head = cell.closest("table").querySelector("tr");
    const inner = cell.getBoundingClientRect();
    const outer = scroll.getBoundingClientRect();
    const top = outer.top + (head.contains(cell) ? 0 : head.offsetHeight) + 8;
    if (inner.top < top) scroll.scrollTop -= top - inner.top + outer.height / 4;
    else if (inner.bottom > outer.bottom - 8)
      scroll.scrollTop += inner.bottom - outer.bottom + outer.height / 4;
    const first = cell.parentElement.firstElementChild;
    const left = outer.left + (first === cell ? 0 : first.offsetWidth) + 8;
    if (inner.left < left) scroll.scrollLeft -= left - inner.left + 24;
    else if (inner.right > outer.right - 8) scroll.scrollLeft += inner.right - outer.right + 24;
  }

  // --- what is left, and how fast it goes ---------------------------------------------------------

  const began = Math.max(Number(desk.dataset.left), 1);
  const times = () => JSON.parse(sessionStorage.getItem("desk-times") ?? "[]");

  function tally() {
    const left = openCells().length;
    by("left").textContent = left;
    by("settled").max = Math.max(began, left);
    by("settled").value = Math.max(began, left) - left;
    by("done-here").hidden = left > 0;
    editor.dataset.done = left ? "" : "1";
    const recent = times().filter((time) => Date.now() - time < LOOK_BACK);
    const minutes = (recent.at(-1) - recent[0]) / 60_000;
    const pace = recent.length > 2 && minutes > 0 ? Math.round((recent.length - 1) / minutes) : 0;
    by("pace").textContent = pace ? `${pace} a minute` : "";
    if (left <= 3 && desk.dataset.next) new Image().src = `${desk.dataset.next}picture`;
  }

  function countAnswer() {
    sessionStorage.setItem("desk-times", JSON.stringify([...times(), Date.now()].slice(-FAST)));
  }

  function paintMarks() {
    const marks = by("marks");
    const open = openCells().filter((cell) => cell.dataset.box);
    marks.replaceChildren(
      ...open.map((cell) => {
        const [left, top, right, bottom] = boxOf(cell);
        const mark = document.createElementNS(marks.namespaceURI, "rect");
        const values = {
          x: left - 4,
          y: top - 4,
          width: right - left + 8,
          height: bottom - top + 8,
        };
        for (const [name, value] of Object.entries(values)) mark.setAttribute(name, value);
        mark.dataset.for = cell.id;
        return mark;
      }),
    );
  }

  // --- sending ------------------------------------------------------------------------------------

  const waiting = [];
  let isSending = false;
  let leaveTo = "";
  let showChanged = false; // go to the cells that the answer brings
  let goTo = ""; // the cell to go to when the grid comes back

  function send(url, values, { show = false, corrected = "" } = {}) {
    waiting.push({ url, values, show, corrected });
    pump();
  }

  async function pump() {
    if (isSending || !waiting.length) return;
    isSending = true;
    const { url, values, show, corrected } = waiting[0];
    showChanged = show;
    const token = document.querySelector("[name=csrfmiddlewaretoken]").value;
    const sent = { ...values, csrfmiddlewaretoken: token };
    let status = 0;
    const note = (event) => {
      if (event.detail.requestConfig.path === url) status = event.detail.xhr.status;
    };
    document.addEventListener("htmx:afterRequest", note);
    try {
      await window.htmx.ajax("POST", url, {
        values: sent,
        source: desk,
        target: desk,
        swap: "none",
      });
    } catch {
      status = 0;
    }
    document.removeEventListener("htmx:afterRequest", note);
    isSending = false;
    const isLost = status === 0 || status >= 500;
    by("connection").hidden = !isLost;
    if (isLost) return;
    waiting.shift();
    if (status >= 400) refused(status, values);
    if (waiting.length) pump();
    else if (leaveTo) location.assign(corrected ? `${leaveTo}?same=${corrected}` : leaveTo);
    else if (corrected && status < 400) window.deskSame.ask(corrected);
    else if (url === desk.dataset.step) window.deskSame.again();
  }

  function refused(status, values) {
    leaveTo = "";
    const error = by("desk-error");
    if (status !== 409) error.textContent = "This was not taken. Load the page again.";
    if (values.text) error.append(` You wrote “${values.text}”.`);
    error.hidden = false;
  }

  window.addEventListener("beforeunload", (event) => {
    if (waiting.length) event.preventDefault();
  });
  by("send-again").addEventListener("click", pump);

  // --- answers ------------------------------------------------------------------------------------

  function settle(values, shown, state) {
    if (!window.deskMayChange()) return;
    const at = placeOf(current);
    const cell = current;
    const was = input("was").value;
    const isCorrected = was.trim() && was.trim() !== shown && state !== "unreadable";
    const about = { ...at, shape: by("grid").dataset.shape, was, at: cell.dataset.at };
    const corrected = isCorrected ? `${desk.dataset.image}.${cell.dataset.at}` : "";
    send(editor.action, { ...about, ...values }, { corrected });
    if (cell.dataset.rank) {
      cell.dataset.was = cell.dataset.rank;
      countAnswer();
    }
    cell.removeAttribute("data-rank");
    cell.removeAttribute("data-why");
    cell.classList.remove("open");
    cell.classList.add("settled");
    cell.classList.toggle("unreadable", state === "unreadable");
    cell.dataset.state = state;
    cell.querySelector(".text").textContent = shown;
    cell.querySelector(".visually-hidden")?.remove();
    document.querySelector(`#marks [data-for="${cell.id}"]`)?.remove();
    tally();
    const next = nextOpen();
    if (next) select(next);
    else if (desk.dataset.next) {
      leaveTo = desk.dataset.next;
      by("left-noun").textContent = "left here; on to the next image …";
    } else {
      select(cell);
      by("next-doubtful")?.focus();
    }
  }

  function above() {
    const { table, row, col } = placeOf(current);
    for (let r = row - 1; r >= 0; r--) {
      const said = textOf(cellAt(table, r, col));
      if (said) return said;
    }
    return "";
  }

  const answers = {
    accept() {
      const said = text.value.trim();
      if (!current.dataset.rank && said === input("was").value.trim()) {
        select(nextOpen() ?? current);
        return;
      }
      settle({ do: "accept", text: text.value }, said, "looked at and right");
    },
    same: () => settle({ do: "same" }, above(), "same as above"),
    blank: () => settle({ do: "blank" }, "", "looked at and right"),
    unreadable: () => settle({ do: "unreadable" }, "", "unreadable"),
  };

  function takeOffer(number) {
    const proposed = current.getAttribute(`data-offer-${number + 1}`);
    if (proposed) settle({ offer: proposed }, proposed, "corrected");
    return Boolean(proposed);
  }

  function goBack(which) {
    if (!window.deskMayChange()) return;
    send(desk.dataset.step, { do: which }, { show: true });
  }

  editor.addEventListener("submit", (event) => {
    event.preventDefault();
    const button = event.submitter;
    if (button?.name === "offer") settle({ offer: button.value }, button.value, "corrected");
    else answers[button?.value ?? "accept"]?.();
  });
  by("skip-cell").addEventListener("click", () => select(nextOpen()));
  by("steps-form").addEventListener("submit", (event) => {
    event.preventDefault();
    goBack(event.submitter.value);
  });

  // --- keys -----------------------------------------------------------------------------------------

  function move(rows, cols, extend) {
    const at = placeOf(current);
    let row = rows > 0 ? at.row + at.rows : at.row + rows;
    let col = cols > 0 ? at.col + at.cols : at.col + cols;
    let cell = cellAt(at.table, row, col);
    if (!cell && rows && !extend) {
      const table = at.table + Math.sign(rows);
      row = rows > 0 ? 0 : (grids.get(table)?.length ?? 0) - 1;
      col = Math.min(at.col, (grids.get(table)?.[row]?.length ?? 1) - 1);
      cell = cellAt(table, row, col);
    }
    if (cell) select(cell, { extend });
  }

  // The next cell as one reads; false after the last.
  function tab(step) {
    const cells = [...document.querySelectorAll("#grid [data-at]")];
    const next = cells[cells.indexOf(current) + step];
    if (next) select(next);
    return Boolean(next);
  }

  function edit(isFresh) {
    if (!window.deskMayChange()) return;
    if (isFresh) text.value = "";
    text.focus();
    if (!isFresh) text.setSelectionRange(text.value.length, text.value.length);
  }

  function takeBack() {
    if (!current.classList.contains("settled") || !window.deskMayChange()) return;
    const { table, row, col } = placeOf(current);
    send(desk.dataset.step, { do: "take_back", table, row, col }, { show: true });
  }

  const gridKeys = {
    Enter: () => answers.accept(),
    F2: () => edit(false),
    Escape: takeBack,
    "'": () => answers.same(),
    b: () => answers.blank(),
    u: () => answers.unreadable(),
    "?": () => by("keys").showModal(),
    PageDown: () => select(nextOpen(1)),
    PageUp: () => select(nextOpen(-1)),
    F3: () => window.deskPoint.open("take"),
    Delete: () => answers.blank(),
  };
  const arrows = { ArrowLeft: [0, -1], ArrowRight: [0, 1], ArrowUp: [-1, 0], ArrowDown: [1, 0] };

  function onGridKey(event) {
    if (arrows[event.key]) move(...arrows[event.key], event.shiftKey);
    else if (event.key === "Tab") {
      if (!tab(event.shiftKey ? -1 : 1)) return;
    } else if (OFFERS.includes(event.key) && takeOffer(OFFERS.indexOf(event.key))) {
      event.preventDefault();
      return;
    } else if (gridKeys[event.key]) gridKeys[event.key]();
    else if (event.key.length === 1) {
      edit(true); // the letter itself goes into the field that has the focus now
      return;
    } else return;
    event.preventDefault();
  }

  function onTextKey(event) {
    if (event.key === "Enter" && !event.shiftKey) answers.accept();
    else if (event.key === "Escape") select(current);
    else if (event.key === "Tab" && !event.shiftKey) {
      const cell = current;
      if (text.value.trim() !== input("was").value.trim()) answers.accept();
      select(by(cell.id));
      tab(1);
    } else return;
    event.preventDefault();
  }

  const REGIONS = [
    "#grid [tabindex='0']",
    "#plate",
    "#accept",
    "#structure-menu > summary",
    "#undo",
  ];
  function nextRegion() {
    const now = REGIONS.findIndex((where) => document.activeElement?.matches(where));
    for (let n = 1; n <= REGIONS.length; n++) {
      const found = document.querySelector(REGIONS[(now + n) % REGIONS.length]);
      if (found && !found.disabled && found.offsetParent !== null) {
        found.focus();
        return;
      }
    }
  }

  document.addEventListener("keydown", (event) => {
    if (event.isComposing || by("keys").open) return;
    const isUndo = (event.ctrlKey || event.metaKey) && event.key.toLowerCase() === "z";
    if (isUndo && event.target !== text) {
      event.preventDefault();
      goBack(event.shiftKey ? "redo" : "undo");
      return;
    }
    if (event.key === "F6") {
      event.preventDefault();
      nextRegion();
      return;
    }
    if (event.ctrlKey || event.metaKey || event.altKey || !current) return;
    if (event.target === text) onTextKey(event);
    else if (event.target.closest("#grid") || event.target === document.body) onGridKey(event);
  });

  by("grid").parentElement.addEventListener("click", (event) => {
    const cell = event.target.closest("#grid [data-at]");
    if (!cell) return;
    event.preventDefault();
    select(cell, { extend: event.shiftKey && Boolean(current) });
  });
  document.addEventListener("click", (event) => {
    const at = event.target.closest("#sums [data-go], #earlier [data-go]")?.dataset.go;
    const cell = at && document.querySelector(`#grid [data-at="${at}"]`);
    if (!cell) return;
    event.preventDefault();
    select(cell);
  });
  by("grid").parentElement.addEventListener("dblclick", (event) => {
    if (event.target.closest("#grid [data-at]")) edit(false);
  });
  text.addEventListener("input", fitText);
  by("keys-open").addEventListener("click", () => by("keys").showModal());

  // The cell under a press on the picture: the smallest that holds the point.
  document.addEventListener("picture:press", ({ detail: { x, y } }) => {
    if (document.body.dataset.lines) return;
    const hit = [...document.querySelectorAll("#grid [data-box]")].filter((cell) => {
      const [left, top, right, bottom] = boxOf(cell);
      return x >= left - 3 && x <= right + 3 && y >= top - 3 && y <= bottom + 3;
    });
    const size = (cell) => {
      const [left, top, right, bottom] = boxOf(cell);
      return (right - left) * (bottom - top);
    };
    hit.sort((one, other) => size(one) - size(other));
    if (hit[0]) select(hit[0]);
  });

  // --- rows and columns -----------------------------------------------------------------------------

  const edits = {
    merge: (a) => ({
      do: "merge",
      row: a.row,
      col: a.col,
      last_row: a.lastRow,
      last_col: a.lastCol,
    }),
    split: () => ({ do: "split", row: placeOf(current).row, col: placeOf(current).col }),
    "row-above": (a) => ({ do: "insert_rows", at: a.row, count: a.lastRow - a.row + 1 }),
    "row-below": (a) => ({ do: "insert_rows", at: a.lastRow + 1, count: a.lastRow - a.row + 1 }),
    "row-up": (a) => ({ do: "move_rows", at: a.row, count: a.lastRow - a.row + 1, to: a.row - 1 }),
    "row-down": (a) => ({
      do: "move_rows",
      at: a.row,
      count: a.lastRow - a.row + 1,
      to: a.lastRow + 2,
    }),
    "row-delete": (a) => ({ do: "delete_rows", at: a.row, count: a.lastRow - a.row + 1 }),
    "col-before": (a) => ({ do: "insert_cols", at: a.col, count: a.lastCol - a.col + 1 }),
    "col-behind": (a) => ({ do: "insert_cols", at: a.lastCol + 1, count: a.lastCol - a.col + 1 }),
    "col-left": (a) => ({
      do: "move_cols",
      at: a.col,
      count: a.lastCol - a.col + 1,
      to: a.col - 1,
    }),
    "col-right": (a) => ({
      do: "move_cols",
      at: a.col,
      count: a.lastCol - a.col + 1,
      to: a.lastCol + 2,
    }),
    "col-delete": (a) => ({ do: "delete_cols", at: a.col, count: a.lastCol - a.col + 1 }),
    header: (a) => ({ do: "header", rows: a.lastRow + 1 }),
    "no-header": () => ({ do: "header", rows: 0 }),
    cut: (a) => ({ do: "cut", at: a.row }),
    join: () => ({ do: "join" }),
    drop: () => ({ do: "drop" }),
  };

  function restructure(values) {
    if (!window.deskMayChange()) return;
    const { table, row, col } = current ? placeOf(current) : {};
    const about = { table, row, col, shape: by("grid").dataset.shape };
    const at = values.do === "draw" ? `${values.table}.0.0` : (current?.dataset.at ?? "");
    send(desk.dataset.structure, { ...about, at, ...values });
    goTo = at;
  }
  window.deskEdit = {
    restructure,
    table: () => (current ? placeOf(current).table : 0),
    focus: () => current?.focus({ preventScroll: true }),
  };

  // What was pointed at on the picture: a box becomes a table, words go into the current cell.
  document.addEventListener("point:taken", ({ detail: { mode, boxes, box } }) => {
    if (mode === "take") {
      restructure({ do: "take", boxes: boxes.map((one) => one.join(" ")).join(",") });
      return;
    }
    const [left, top, right, bottom] = box;
    const tables = [...document.querySelectorAll(".desk-table")];
    const table = tables.filter((one) => Number.parseFloat(one.dataset.rowEdges) <= top).length;
    const edges = { row_edges: `${top} ${bottom}`, col_edges: `${left} ${right}` };
    restructure({ do: "draw", table, ...edges });
  });
  document.addEventListener("point:closed", () => current?.focus({ preventScroll: true }));

  by("structure")?.addEventListener("click", (event) => {
    const name = event.target.closest("[data-edit]")?.dataset.edit;
    if (name) restructure(edits[name](area()));
  });
  document.addEventListener("click", (event) => {
    const menu = by("structure-menu");
    if (menu?.open && !menu.contains(event.target)) menu.open = false;
  });
  by("structure-menu")?.addEventListener("keydown", (event) => {
    if (event.key !== "Escape") return;
    by("structure-menu").open = false;
    by("structure-menu").querySelector("summary").focus();
  });

  // --- what comes back ------------------------------------------------------------------------------

  document.addEventListener("htmx:oobAfterSwap", (event) => {
    const target = event.detail.target;
    if (target.id === "grid") {
      const at = goTo || current?.dataset.at;
      goTo = "";
      learnGrid();
      const cells = [...document.querySelectorAll("#grid [data-at]")];
      current = null;
      select(cells.find((cell) => cell.dataset.at === at) ?? openCells()[0] ?? cells[0]);
      showEditor();
      paintMarks();
      tally();
      document.dispatchEvent(new CustomEvent("desk:grid"));
    } else if (target.dataset.at) {
      const fresh = by(target.id);
      if (showChanged || current?.id === fresh.id) {
        showChanged = false;
        current = current?.id === fresh.id ? null : current;
        select(fresh, { focus: !editor.contains(document.activeElement) || showChanged });
      }
      paintMarks();
      tally();
    } else if (target.id === "steps") {
      by("undo").disabled = !by("steps").dataset.undo;
      by("redo").disabled = !by("steps").dataset.redo;
    }
  });

  // --- the splitter ---------------------------------------------------------------------------------

  const splitter = by("splitter");
  const panes = by("panes");
  function divide(percent) {
    const width = Math.min(Math.max(percent, 20), 80);
    panes.style.setProperty("--picture", `${width}%`);
    splitter.setAttribute("aria-valuenow", Math.round(width));
    localStorage.setItem("desk-width", width);
  }
  divide(Number(localStorage.getItem("desk-width")) || 50);
  splitter.addEventListener("pointerdown", (event) => splitter.setPointerCapture(event.pointerId));
  splitter.addEventListener("pointermove", (event) => {
    if (!splitter.hasPointerCapture(event.pointerId)) return;
    const { left, width } = panes.getBoundingClientRect();
    divide(((event.clientX - left) / width) * 100);
  });
  splitter.addEventListener("keydown", (event) => {
    const step = { ArrowLeft: -2, ArrowRight: 2 }[event.key];
    if (step) divide(Number(splitter.getAttribute("aria-valuenow")) + step);
  });

  // --- begin ----------------------------------------------------------------------------------------

  learnGrid();
  tally();
  const named = new URLSearchParams(location.search).get("at");
  const first = [...document.querySelectorAll("#grid [data-at]")].find(
    (c) => c.dataset.at === named,
  );
  select(first ?? openCells()[0] ?? document.querySelector("#grid [data-at]"));
})();
