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

function refresh() {
  for (const time of document.querySelectorAll("time[data-countdown]")) {
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
setInterval(refresh, 30000);
refresh();
frames();
offerCopying();
