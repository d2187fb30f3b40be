"use strict";
// Every page works without this file; it only adds what a browser alone can know or do.

// Tell the server the reader's time zone, so that the next page shows times in it.
const zone = Intl.DateTimeFormat().resolvedOptions().timeZone;
if (zone) document.cookie = `camp_time_zone=${zone}; path=/; max-age=31536000; samesite=lax`;

// Keep "in 2 hours" true while the page stays open.
const UNITS = [["day", 86400], ["hour", 3600], ["minute", 60]];
const language = document.documentElement.lang;
const words = new Intl.RelativeTimeFormat(language, { numeric: "always" });
const now = new Intl.RelativeTimeFormat(language, { numeric: "auto" }).format(0, "second");

function away(seconds) {
  const unit = UNITS.find(([, length]) => Math.abs(seconds) >= length);
  return unit ? words.format(Math.trunc(seconds / unit[1]), unit[0]) : now;
}

function refresh(root = document) {
  for (const time of root.querySelectorAll("time[data-countdown]")) {
    const seconds = (Date.parse(time.dateTime) - Date.now()) / 1000;
    if (Math.abs(seconds) < 7 * 86400) time.textContent = away(seconds);
  }
}

// A frame that scrolls must be reachable by keyboard; one that does not should not be a stop.
function frames() {
  for (const frame of document.querySelectorAll(".table-frame, pre, .tabs, .prose table")) {
    if (frame.scrollWidth > frame.clientWidth) frame.tabIndex = 0;
    else frame.removeAttribute("tabindex");
  }
}

// Menus close on Escape and on a click elsewhere.
function closeMenus(except) {
  for (const menu of document.querySelectorAll("details.menu[open]")) if (menu !== except) menu.open = false;
}

// <button data-copy="id of what to copy" hidden>: shown only where copying works.
function offerCopying() {
  if (!navigator.clipboard) return;
  for (const button of document.querySelectorAll("[data-copy]")) button.hidden = false;
}

async function copy(button) {
  const source = document.getElementById(button.dataset.copy);
  await navigator.clipboard.writeText((source.value || source.textContent).trim());
  button.textContent = button.dataset.copied || button.textContent;
}

document.addEventListener("click", (event) => {
  closeMenus(event.target.closest("details.menu"));
  const button = event.target.closest("[data-copy]");
  if (button) copy(button);
});
document.addEventListener("keydown", (event) => {
  if (event.key !== "Escape") return;
  document.querySelector("details.menu[open] > summary")?.focus();
  closeMenus(null);
});
window.addEventListener("resize", frames);
document.addEventListener("htmx:afterSettle", () => [refresh(), frames(), offerCopying()]);
document.querySelector(".tabs [aria-current]")?.scrollIntoView({ block: "nearest", inline: "center" });
setInterval(() => refresh(), 30000);
refresh();
frames();
offerCopying();

// An open board follows the scores. What is equal stays in place, and with it scroll, focus and open details.
function takeOver(old, fresh) {
  if (old.isEqualNode(fresh)) return;
  if (old.nodeType !== Node.ELEMENT_NODE || old.nodeName !== fresh.nodeName || old.id !== fresh.id) {
    old.replaceWith(fresh);
    return;
  }
  for (const { name } of [...old.attributes]) {
    if (!fresh.hasAttribute(name) && name !== "open" && name !== "tabindex") old.removeAttribute(name);
  }
  for (const { name, value } of fresh.attributes) if (old.getAttribute(name) !== value) old.setAttribute(name, value);
  const before = [...old.childNodes], after = [...fresh.childNodes];
  after.forEach((node, index) => (before[index] ? takeOver(before[index], node) : old.append(node)));
  for (const node of before.slice(after.length)) node.remove();
}

// Answers the response when it is another one than the tagged, null when it is not, or when there is no answer.
async function unlike(address, tag) {
  try {
    const response = await fetch(address, { headers: tag ? { "If-None-Match": tag } : {}, cache: "no-store" });
    return response.status === 200 ? response : null;
  } catch {
    return null;
  }
}

async function follow(board, held) {
  const version = await unlike(board.dataset.version, held.version);
  if (!version) return;
  const rows = await unlike(board.dataset.rows, board.dataset.etag);
  held.version = version.headers.get("ETag");
  if (!rows) return;
  const page = new DOMParser().parseFromString(await rows.text(), "text/html");
  const fresh = page.querySelector("[data-board]");
  if (!fresh || !getSelection().isCollapsed) {
    held.version = "";
    return;
  }
  refresh(page);
  const { rank } = board.dataset;
  takeOver(board, document.adoptNode(fresh));
  frames();
  if ("isOld" in board.dataset) held.version = "";
  if (rank !== board.dataset.rank) document.getElementById("board-news").textContent = board.dataset.says || "";
}

const board = document.querySelector("[data-board]");
if (board) {
  const every = board.dataset.every * 1000, held = { version: "" };
  let last = Date.now(), busy = false;
  const look = async () => {
    if (busy || document.hidden || Date.now() - last < every / 2) return;
    [busy, last] = [true, Date.now()];
    await follow(board, held);
    busy = false;
  };
  setInterval(look, every);
  document.addEventListener("visibilitychange", look);
}
