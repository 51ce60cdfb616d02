// Keys: j and k move through a list, single letters act on a need. They can be switched off, and never hear while typing.
import { chooseFocused, chooseNone, pointAtBulk } from "./choosing.js";

const off = "linli-keys-off";

export function hearKeys() {
  const box = document.getElementById("keys-on");
  if (!box) return;
  box.checked = !localStorage.getItem(off);
  box.addEventListener("change", () => (box.checked ? localStorage.removeItem(off) : localStorage.setItem(off, "1")));
  document.addEventListener("keydown", hear);
  addEventListener("hashchange", actOnHash);
  actOnHash();
}

function hear(event) {
  if (event.key === "Escape" && isField(event.target)) event.target.blur();
  const busy = isField(event.target) || document.querySelector("dialog[open]");
  if (busy || event.ctrlKey || event.metaKey || event.altKey || localStorage.getItem(off)) return;
  if (act(event.key)) event.preventDefault();
}

function isField(element) {
  return element.matches("input:not([type=radio], [type=checkbox]), select, textarea");
}

function act(key) {
  if (key === "?") return document.getElementById("keys").showModal() ?? true;
  if (key === "/") return focus("#search") || go("/staff/needs#/");
  if (key === "j") return move(1);
  if (key === "k") return move(-1);
  if (key === "u") return click("[data-back]");
  if (document.querySelector("[data-rows]") && !document.getElementById("talk")) return openWith(key);
  return onNeed(key);
}

// The list opens the need for r, n, d, e and a: nothing is decided before it was read. x chooses, a then points at accepting.
function openWith(key) {
  if (key === "x") return chooseFocused();
  if (key === "Escape") return chooseNone();
  if (pointAtBulk(key)) return true;
  const link = document.activeElement.closest(".row__link");
  return link !== null && "arnde".includes(key) && go(`${link.getAttribute("href")}#${key}`);
}

function onNeed(key) {
  if (key === "a") return click("[data-key=a]");
  if (key === "r") return write("answer");
  if (key === "n") return write("note");
  if (key === "e") return write("resolve");
  if (key >= "1" && key <= "9") return offer(Number(key));
  if (key === "d") return unfold("details[data-key=d]");
  return false;
}

function actOnHash() {
  const key = location.hash.slice(1);
  if (key.length !== 1) return;
  history.replaceState(null, "", location.pathname + location.search);
  if (key === "a") focus("[data-key=a]");
  else if (key === "/") focus("#search");
  else onNeed(key);
}

function write(way) {
  const choice = document.getElementById(`way-${way}`);
  if (choice) choice.checked = true;
  return focus(`#${way}-words`);
}

// The canned answer with this number beside the form that is open.
function offer(number) {
  const open = [...document.querySelectorAll(".writing")].find((writing) => writing.offsetParent);
  const button = open?.querySelectorAll("[data-canned]")[number - 1];
  button?.click();
  return button !== undefined;
}

function unfold(selector) {
  const details = document.querySelector(selector);
  if (details) details.open = true;
  return details !== null && focus(`${selector} input[type=radio], ${selector} textarea`);
}

function move(step) {
  const links = [...document.querySelectorAll("[data-rows] .row__link")];
  const here = links.indexOf(document.activeElement.closest(".row__link"));
  const next = links[here < 0 ? 0 : Math.min(Math.max(here + step, 0), links.length - 1)];
  next?.focus();
  next?.scrollIntoView({ block: "nearest" });
  return next !== undefined;
}

function focus(selector) {
  const element = document.querySelector(selector);
  element?.focus();
  element?.scrollIntoView({ block: "nearest" });
  return element !== null;
}

function click(selector) {
  const element = document.querySelector(selector);
  element?.click();
  return element !== null;
}

function go(address) {
  location.assign(address);
  return true;
}
