// Files on their way: dropped, pasted or chosen, and sent one by one, a few at a time. The front page
// becomes the page of a draft with the first file. Without this script the form does it all by itself.
"use strict";

(() => {
  const AT_ONCE = 3; // requests; each carries one file
  const PAUSES = [1000, 3000]; // milliseconds before each new try
  const ROWS = 6; // of waiting files; the others are counted
  const FAILURES = 3; // in a row: the connection is lost, and the others wait

  const waiting = []; // entries: {file, key, place, loaded, row, xhr, reason}
  const active = new Set();
  const failed = new Set();
  const sum = { files: 0, bytes: 0, sentFiles: 0, sentBytes: 0, refused: 0 };
  let halted = false;
  let failures = 0;
  let startWhenDone = false;
  let leaving = false;
  let making = false; // the draft, on the front page
  let made = null;
  let nextPlace = 0;
  let path = window.location.pathname;
  let pasted = 0;
  let refreshed = 0; // when
  let timer = 0;
  let drawn = 0;

  const by = (id) => document.getElementById(id);
  const form = () => by("upload");
  const isDraft = () => "draft" in form().dataset;
  const isBusy = () => active.size + waiting.length > 0;
  const limit = () => Number(form().dataset.maxFileSize);
  // One byte too many is enough for the server to refuse a file, and to make a note of it.
  const bytesOf = (entry) => Math.min(entry.file.size, limit() + 1);

  // --- choosing -------------------------------------------------------------------------------

  function choose(files) {
    by("problem").replaceChildren();
    if (!isBusy() && !failed.size) for (const key of Object.keys(sum)) sum[key] = 0;
    if (!isBusy()) nextPlace = Math.max(nextPlace, Number(by("images")?.dataset.nextPlace || 0));
    for (const file of files) add(file);
    pump();
  }

  function add(file) {
    const entry = { file, key: newKey(), place: nextPlace, loaded: 0 };
    nextPlace += 1;
    sum.files += 1;
    sum.bytes += bytesOf(entry);
    waiting.push(entry);
  }

  function newKey() {
    return [...crypto.getRandomValues(new Uint8Array(16))]
      .map((byte) => byte.toString(16).padStart(2, "0"))
      .join("");
  }

  function withName(file) {
    // A browser calls every pasted screenshot "image.png".
    if (file.name && file.name !== "image.png") return file;
    const extension = file.type.split("/")[1] || "png";
    pasted += 1;
    return new File([file], `Pasted ${pasted}.${extension}`, { type: file.type });
  }

  function dropped(transfer) {
    const items = [...transfer.items].filter((item) => item.kind === "file");
    const isFolder = (item) => item.webkitGetAsEntry?.()?.isDirectory;
    choose(items.filter((item) => !isFolder(item)).map((item) => item.getAsFile()));
    if (items.some(isFolder))
      tell("A folder cannot be taken as it is. Open it and drop the files in it.");
  }

  // --- sending --------------------------------------------------------------------------------

  function pump() {
    if (!isDraft()) {
      if (waiting.length && !halted) becomeDraft();
    } else {
      while (!halted && waiting.length && active.size < AT_ONCE) send(waiting.shift());
    }
    if (!isBusy()) drained();
    draw();
  }

  async function send(entry) {
    active.add(entry);
    const answer = await insist(entry);
    if (!active.delete(entry)) return; // taken back by the person
    if (answer.ok) arrived(entry, answer.body);
    else if (answer.status === 409) return closed(answer.body);
    else lost(entry, answer);
    pump();
  }

  async function insist(entry) {
    for (const pause of [...PAUSES, null]) {
      entry.loaded = 0;
      entry.reason = "";
      const answer = await request(form().action, dataOf(entry), entry);
      const mayPass = answer.status === 0 || answer.status >= 500;
      if (!mayPass || pause === null || !active.has(entry)) return answer;
      entry.reason = "Connection lost; trying again…";
      draw();
      await new Promise((resolve) => {
        setTimeout(resolve, pause);
      });
    }
    return null;
  }

  function dataOf(entry) {
    const data = new FormData();
    data.append("upload", entry.key); // by it a second try is known, should the first have arrived
    data.append("place", entry.place);
    data.append("files", entry.file.slice(0, limit() + 1), entry.file.name);
    return data;
  }

  function request(url, data, entry = null) {
    return new Promise((resolve) => {
      const xhr = new XMLHttpRequest();
      if (entry) entry.xhr = xhr;
      xhr.open("POST", url);
      xhr.responseType = "json";
      xhr.setRequestHeader("Accept", "application/json");
      xhr.setRequestHeader("X-CSRFToken", form().elements.csrfmiddlewaretoken.value);
      if (entry)
        xhr.upload.addEventListener("progress", (event) => {
          entry.loaded = event.total ? (event.loaded / event.total) * bytesOf(entry) : 0;
          draw();
        });
      xhr.addEventListener("loadend", () =>
        resolve({
          ok: xhr.status >= 200 && xhr.status < 300 && Boolean(xhr.response),
          status: xhr.status,
          body: xhr.response || {},
        }),
      );
      xhr.send(data);
    });
  }

  function arrived(entry, body) {
    failures = 0;
    sum.sentFiles += 1;
    sum.sentBytes += bytesOf(entry);
    sum.refused += body.refused.length;
    entry.row?.remove();
    refreshSoon();
  }

  function lost(entry, { status, body }) {
    entry.reason =
      body.message || (status ? "The server cannot take it now." : "The connection was lost.");
    failed.add(entry);
    failures += 1;
    halted = failures >= FAILURES;
  }

  function closed(body) {
    forget();
    halted = true;
    leaving = true;
    tell(body.message);
    const link = document.createElement("a");
    link.href = window.location.pathname;
    link.textContent = "See the batch";
    by("problem").firstElementChild.append(" ", link);
    draw();
  }

  function again(...entries) {
    halted = false;
    failures = 0;
    for (const entry of entries) {
      failed.delete(entry);
      entry.reason = "";
      waiting.unshift(entry);
    }
    pump();
  }

  function takeBack(entry) {
    const next = entry.row.nextElementSibling || entry.row.previousElementSibling;
    drop(entry);
    (next?.querySelector(".remove") || by("files")).focus();
    pump();
  }

  function drop(entry) {
    if (active.delete(entry)) entry.xhr.abort();
    failed.delete(entry);
    if (waiting.includes(entry)) waiting.splice(waiting.indexOf(entry), 1);
    sum.files -= 1;
    sum.bytes -= bytesOf(entry);
    entry.row?.remove();
  }

  function forget() {
    for (const entry of [...active, ...failed, ...waiting]) drop(entry);
  }

  function drained() {
    refresh();
    if (!startWhenDone) return;
    setStarting(false);
    if (failed.size)
      return tell(
        `${count(failed.size)} failed to upload. Try again, or leave them out, then start.`,
      );
    leaving = true;
    by("options").requestSubmit();
  }

  // --- the front page becomes a draft -------------------------------------------------------------

  async function becomeDraft() {
    if (making) return;
    making = true;
    if (!made) {
      const data = new FormData();
      data.append("first", waiting[0].file.name);
      const answer = await request(form().action, data);
      if (answer.ok) made = answer.body.url;
      else if (answer.status) tell(answer.body.message || "The server cannot take files now.");
    }
    const page =
      made &&
      (await fetch(made).then(
        (answer) => answer.ok && answer.text(),
        () => null,
      ));
    making = false;
    halted = !page;
    if (page) show(page);
    pump();
  }

  function show(page) {
    const fresh = new DOMParser().parseFromString(page, "text/html");
    for (const part of [".masthead", "main"]) {
      document.querySelector(part).replaceWith(document.adoptNode(fresh.querySelector(part)));
    }
    document.title = fresh.title;
    window.history.pushState({}, "", made);
    path = made;
    window.htmx.process(document.querySelector("main"));
    wire();
    by("files").focus();
  }

  function refreshSoon() {
    // A page that is full shows none of the files that arrive behind it.
    const isFull = by("cards")?.children.length >= Number(by("images").dataset.pageSize);
    timer ||= setTimeout(refresh, Math.max(0, refreshed + (isFull ? 10000 : 1000) - Date.now()));
  }

  function refresh() {
    clearTimeout(timer);
    timer = 0;
    refreshed = Date.now();
    document.dispatchEvent(new Event("images-arrived"));
  }

  // --- what the page shows meanwhile ----------------------------------------------------------------

  function draw() {
    window.cancelAnimationFrame(drawn);
    drawn = window.requestAnimationFrame(() => {
      const shown = [...failed, ...active, ...waiting.slice(0, ROWS)];
      by("sending").hidden = !shown.length;
      for (const entry of shown) drawRow(entry);
      const hidden = waiting.length - Math.min(waiting.length, ROWS);
      by("waiting").textContent = hidden ? `… and ${count(hidden)} more` : "";
      const stuck = failed.size > 0 || halted;
      by("retry-all").hidden = !stuck;
      by("leave-out").hidden = !stuck;
      form().classList.toggle(
        "has-files",
        shown.length > 0 || Number(by("images")?.dataset.total) > 0,
      );
      drawSum();
    });
  }

  function drawRow(entry) {
    entry.row ??= newRow(entry);
    const isFailed = failed.has(entry);
    entry.row.classList.toggle("failed", isFailed);
    const bar = entry.row.querySelector("progress");
    bar.hidden = !active.has(entry);
    bar.value = bytesOf(entry) ? (100 * entry.loaded) / bytesOf(entry) : 0;
    entry.row.querySelector(".retry").hidden = !isFailed;
    entry.row.querySelector(".reason").textContent = entry.reason || "";
    by("uploads").append(...(entry.row.isConnected ? [] : [entry.row]));
  }

  function newRow(entry) {
    const { file } = entry;
    const row = by("upload-row").content.firstElementChild.cloneNode(true);
    row.querySelector(".file").textContent = file.name;
    row.querySelector(".size").textContent = readableSize(file.size);
    row.querySelector("progress").setAttribute("aria-label", file.name);
    row.querySelector(".remove").setAttribute("aria-label", `Leave out ${file.name}`);
    row.querySelector(".remove").addEventListener("click", () => takeBack(entry));
    row.querySelector(".retry").setAttribute("aria-label", `Try ${file.name} again`);
    row.querySelector(".retry").addEventListener("click", () => again(entry));
    showThumbnail(row.querySelector("img"), file);
    return row;
  }

  function drawSum() {
    const loaded = [...active].reduce((bytes, entry) => bytes + entry.loaded, sum.sentBytes);
    const percent = sum.bytes ? Math.min(100, Math.floor((100 * loaded) / sum.bytes)) : 0;
    by("sent").value = percent;
    by("sending-line").textContent = lineOf(percent);
    const status = stateOf();
    if (by("sending-status").textContent !== status) by("sending-status").textContent = status;
  }

  function lineOf(percent) {
    if (halted)
      return `The connection is lost. ${count(waiting.length + failed.size)} not sent yet.`;
    if (!isBusy()) return `${count(failed.size)} failed to upload`;
    const checking = percent === 100 ? "checking them…" : `${percent} %`;
    return `Sending ${sum.sentFiles + 1} of ${count(sum.files)} · ${checking}`;
  }

  function stateOf() {
    if (failed.size)
      return `${count(failed.size)} failed to upload: ${[...failed]
        .slice(0, 5)
        .map((entry) => entry.file.name)
        .join(", ")}.`;
    if (isBusy()) return `Sending ${count(sum.files)}.`;
    if (!sum.sentFiles) return "";
    return sum.refused
      ? `Sent; ${count(sum.refused)} refused, see the list below.`
      : `${count(sum.sentFiles)} sent.`;
  }

  const count = (files) => `${files} file${files === 1 ? "" : "s"}`;

  function readableSize(bytes) {
    if (bytes < 1024) return `${bytes} B`;
    return bytes < 1024 ** 2
      ? `${Math.round(bytes / 1024)} KB`
      : `${(bytes / 1024 ** 2).toFixed(1)} MB`;
  }

  function showThumbnail(image, file) {
    if (!/^image\/(png|jpeg|webp|gif|bmp)$/.test(file.type) || file.size > 10e6) return;
    image.src = URL.createObjectURL(file);
    image.hidden = false;
    image.addEventListener("load", () => URL.revokeObjectURL(image.src), { once: true });
    image.addEventListener(
      "error",
      () => {
        image.hidden = true;
      },
      { once: true },
    );
  }

  function tell(sentence) {
    const notice = document.createElement("p");
    notice.className = "notice";
    notice.dataset.kind = "error";
    notice.textContent = sentence;
    by("problem").replaceChildren(notice);
  }

  function setStarting(value) {
    startWhenDone = value;
    by("start").disabled = value;
    by("start").textContent = value ? "Starts when all is sent…" : "Start";
  }

  // --- wiring -----------------------------------------------------------------------------------

  function wire() {
    const input = by("files");
    input.required = false; // what was dropped or pasted is not in the field
    input.addEventListener("change", () => {
      choose([...input.files]);
      input.value = "";
    });
    form().addEventListener("submit", (event) => event.preventDefault());
    by("retry-all").addEventListener("click", () => again(...[...failed].reverse()));
    by("leave-out").addEventListener("click", () => {
      forget();
      halted = false;
      pump();
      input.focus();
    });
    by("options")?.addEventListener("submit", (event) => {
      if (leaving || !(isBusy() || failed.size)) return;
      event.preventDefault();
      if (isBusy() && !halted && event.submitter?.id === "start") setStarting(true);
      else
        tell(
          `Some files ${isBusy() && !halted ? "are still on their way. Wait for them" : "failed to upload. Try again"}, or leave them out, then start.`,
        );
    });
  }

  wire();
  document.addEventListener("paste", (event) => {
    const files = [...event.clipboardData.files];
    if (!files.length || !form()) return;
    event.preventDefault();
    choose(files.map(withName));
  });
  for (const name of ["dragenter", "dragover"]) {
    document.addEventListener(name, (event) => {
      if (!event.dataTransfer.types.includes("Files") || !form()) return;
      event.preventDefault();
      document.body.classList.add("is-dropping");
    });
  }
  document.addEventListener("dragleave", (event) => {
    if (!event.relatedTarget) document.body.classList.remove("is-dropping");
  });
  document.addEventListener("drop", (event) => {
    document.body.classList.remove("is-dropping");
    if (!event.dataTransfer.types.includes("Files") || !form()) return;
    event.preventDefault();
    dropped(event.dataTransfer);
  });
  window.addEventListener(
    "online",
    () => (halted || failed.size) && again(...[...failed].reverse()),
  );
  window.addEventListener(
    "popstate",
    () => window.location.pathname !== path && window.location.reload(),
  );
  window.addEventListener("beforeunload", (event) => {
    if (!leaving && isBusy()) event.preventDefault();
  });
})();
