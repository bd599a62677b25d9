// Choosing, dropping, pasting and sending files. Without this script the form does it all by itself.
"use strict";

(() => {
  const FILES_PER_REQUEST = 20;
  const BYTES_PER_REQUEST = 40 * 1024 * 1024;
  const PAUSES = [1000, 2000, 4000]; // milliseconds before each new try of a failed request

  const form = document.getElementById("upload");
  const input = document.getElementById("files");
  const list = document.getElementById("chosen");
  const problem = document.getElementById("problem");
  const sendButton = document.getElementById("send");
  const goOnButton = document.getElementById("go-on");
  const maxFileSize = Number(form.dataset.maxFileSize);

  let entries = []; // {file, row, sent}
  let refused = []; // {name, code, message}, as the server says it
  let draft = form.dataset.batchUrl
    ? { images_url: form.action, received: form.dataset.received }
    : null;
  let added = 0;
  let pasted = 0;
  let sending = false;

  // --- choosing -------------------------------------------------------------------------------

  function choose(files) {
    if (sending) return;
    clear(problem);
    for (const file of files) addRow(file);
    showWhetherChosen();
  }

  function showWhetherChosen() {
    form.classList.toggle("has-files", entries.length > 0);
    form.querySelector("label[for=files]").textContent = entries.length ? "Add more files" : "Choose files";
  }

  function addRow(file) {
    const row = document.getElementById("chosen-row").content.firstElementChild.cloneNode(true);
    const entry = { file, row, sent: false };
    row.querySelector(".file").textContent = file.name;
    row.querySelector(".size").textContent = readableSize(file.size);
    const remove = row.querySelector(".remove");
    remove.setAttribute("aria-label", `Remove ${file.name}`);
    remove.addEventListener("click", () => removeRow(entry));
    showThumbnail(row.querySelector("img"), file);
    entries.push(entry);
    list.append(row);
  }

  function removeRow(entry) {
    const next = entry.row.nextElementSibling || entry.row.previousElementSibling;
    entries = entries.filter((other) => other !== entry);
    entry.row.remove();
    showWhetherChosen();
    (next ? next.querySelector(".remove") : input).focus();
  }

  function showThumbnail(image, file) {
    if (!/^image\/(png|jpeg|webp|gif|bmp)$/.test(file.type) || file.size > 10e6) return;
    image.src = URL.createObjectURL(file);
    image.hidden = false;
    image.addEventListener("load", () => URL.revokeObjectURL(image.src), { once: true });
    image.addEventListener("error", () => { image.hidden = true; }, { once: true });
  }

  function readableSize(bytes) {
    if (bytes < 1024) return `${bytes} B`;
    return bytes < 1024 ** 2 ? `${Math.round(bytes / 1024)} KB` : `${(bytes / 1024 ** 2).toFixed(1)} MB`;
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
    const folders = items.filter(isFolder);
    const files = items.filter((item) => !isFolder(item)).map((item) => item.getAsFile());
    choose(files);
    if (folders.length) tell("A folder cannot be taken as it is. Open it and drop the files in it.");
  }

  // --- sending --------------------------------------------------------------------------------

  async function send() {
    const waiting = entries.filter((entry) => !entry.sent);
    if (!waiting.length && !added) {
      tell("Choose at least one picture first.");
      return input.focus();
    }
    begin();
    const total = bytesOf(waiting);
    let before = 0;
    showSent(waiting, 0, total);
    for (const chunk of chunks(waiting)) {
      const progress = (loaded) => showSent(waiting, before + Math.min(loaded, bytesOf(chunk)), total);
      const answer = await sendChunk(chunk, progress);
      if (!answer.ok) return stop(answer);
      accept(chunk, answer.body);
      before += bytesOf(chunk);
    }
    return finish();
  }

  function* chunks(waiting) {
    let chunk = [];
    for (const entry of waiting) {
      const full = chunk.length >= FILES_PER_REQUEST;
      if (chunk.length && (full || bytesOf(chunk) + entry.file.size > BYTES_PER_REQUEST)) {
        yield chunk;
        chunk = [];
      }
      chunk.push(entry);
    }
    if (chunk.length) yield chunk;
  }

  function bytesOf(some) {
    return some.reduce((sum, { file }) => sum + Math.min(file.size, maxFileSize + 1), 0);
  }

  function sendChunk(chunk, progress) {
    const data = new FormData();
    if (draft) data.append("received", draft.received);
    else data.append("name", form.elements.name.value);
    // One byte too many is enough for the server to refuse a file, and to make a note of it.
    for (const { file } of chunk) data.append("files", file.slice(0, maxFileSize + 1), file.name);
    return post(draft ? draft.images_url : form.action, data, progress);
  }

  async function post(url, data, progress) {
    for (const pause of [...PAUSES, null]) {
      const answer = await request(url, data, progress);
      const mayPass = answer.status === 0 || answer.status >= 500;
      if (!mayPass || pause === null) return answer;
      document.getElementById("sending-line").textContent = "Connection lost; trying again…";
      await new Promise((resolve) => { setTimeout(resolve, pause); });
    }
    return null;
  }

  function request(url, data, progress = () => {}) {
    return new Promise((resolve) => {
      const xhr = new XMLHttpRequest();
      const done = () => resolve({
        ok: xhr.status >= 200 && xhr.status < 300 && Boolean(xhr.response),
        status: xhr.status,
        body: xhr.response || {},
      });
      xhr.open("POST", url);
      xhr.responseType = "json";
      xhr.setRequestHeader("Accept", "application/json");
      xhr.setRequestHeader("X-CSRFToken", form.elements.csrfmiddlewaretoken.value);
      xhr.upload.addEventListener("progress", (event) => progress(event.loaded));
      xhr.addEventListener("loadend", done);
      xhr.send(data);
    });
  }

  function accept(chunk, body) {
    draft = { ...draft, ...body };
    added += body.added;
    refused.push(...body.refused);
    for (const entry of chunk) {
      entry.sent = true;
      entry.row.classList.add("sent");
      entry.row.querySelector(".remove").hidden = true;
    }
  }

  // --- what the page shows meanwhile ------------------------------------------------------------

  function begin() {
    setSending(true);
    clear(problem);
    goOnButton.hidden = true;
    document.getElementById("sending").hidden = false;
  }

  function setSending(value) {
    sending = value;
    sendButton.disabled = value;
    input.disabled = value;
    form.setAttribute("aria-busy", String(value));
    form.classList.toggle("is-sending", value);
  }

  function showSent(waiting, sent, total) {
    const percent = total ? Math.floor((100 * sent) / total) : 100;
    const files = `${waiting.length} file${waiting.length === 1 ? "" : "s"}`;
    document.getElementById("sent").value = percent;
    document.getElementById("sending-line").textContent =
      percent < 100 ? `Sending ${files} · ${percent} %` : "All sent · checking them…";
  }

  function stop({ status, body }) {
    setSending(false);
    document.getElementById("sending").hidden = true;
    const missing = entries.filter((entry) => !entry.sent);
    const count = missing.length === 1 ? "1 file" : `${missing.length} files`;
    const reason = body.message || (status ? "The server cannot take them now." : "The connection is lost.");
    tell(`${count} did not get there. ${reason}`, missing.map((entry) => entry.file.name));
    sendButton.textContent = "Try again";
    goOnButton.hidden = !added;
  }

  async function finish() {
    if (form.dataset.batchUrl) return leaveFor(form.dataset.batchUrl);
    if (!added) return giveUp();
    const answer = await post(draft.start_url, new FormData());
    // 409: an earlier try had started it, and only its answer was lost.
    return answer.ok || answer.status === 409 ? leaveFor(draft.url) : stop(answer);
  }

  async function giveUp() {
    await request(draft.delete_url, new FormData());
    setSending(false);
    document.getElementById("sending").hidden = true;
    tell("None of these files could be taken.", refused.map(({ name, message, code }) => `${name}: ${message} (${code})`));
    for (const { row } of entries) row.remove();
    [entries, refused, draft] = [[], [], null];
    showWhetherChosen();
    sendButton.textContent = "Start";
  }

  function leaveFor(url) {
    sending = false; // nothing is lost any more by leaving
    window.location.assign(url);
  }

  function tell(sentence, details = []) {
    clear(problem);
    const notice = document.createElement("div");
    notice.className = "notice";
    notice.dataset.kind = "error";
    notice.textContent = sentence;
    const reasons = document.createElement("ul");
    for (const detail of details) {
      const item = document.createElement("li");
      item.textContent = detail;
      reasons.append(item);
    }
    if (details.length) notice.append(reasons);
    problem.append(notice);
  }

  function clear(element) {
    element.replaceChildren();
  }

  // --- wiring -----------------------------------------------------------------------------------

  input.required = false; // what was dropped or pasted is not in the field
  input.addEventListener("change", () => {
    choose([...input.files]);
    input.value = "";
  });
  form.addEventListener("submit", (event) => {
    event.preventDefault();
    if (!sending) send();
  });
  goOnButton.addEventListener("click", () => {
    begin();
    finish();
  });
  document.addEventListener("paste", (event) => {
    const files = [...event.clipboardData.files];
    if (!files.length) return;
    event.preventDefault();
    choose(files.map(withName));
  });
  for (const name of ["dragenter", "dragover"]) {
    document.addEventListener(name, (event) => {
      if (!event.dataTransfer.types.includes("Files")) return;
      event.preventDefault();
      document.body.classList.add("is-dropping");
    });
  }
  document.addEventListener("dragleave", (event) => {
    if (!event.relatedTarget) document.body.classList.remove("is-dropping");
  });
  document.addEventListener("drop", (event) => {
    document.body.classList.remove("is-dropping");
    if (!event.dataTransfer.types.includes("Files")) return;
    event.preventDefault();
    dropped(event.dataTransfer);
  });
  window.addEventListener("beforeunload", (event) => {
    if (sending) event.preventDefault();
  });
  window.addEventListener("pageshow", (event) => {
    if (event.persisted) window.location.reload(); // back from the batch: its files are gone from here
  });
})();
