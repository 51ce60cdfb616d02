// Draws one item of the thread: words, pictures, buttons, a link. Words are text nodes only, markup is shown as text.

import { make, recall, remember, t } from "./facts.js";
import { openPicture } from "./viewer.js";

const longText = { characters: 600, lines: 14 };
const address = /https?:\/\/[^\s<>"'，。；、！？（）【】「」《》]+/g;
const followed = new Set(["http:", "https:", "tel:"]);
const usedKey = "linli-used";
const keptUsed = 200;

export function drawItem(item, onPress) {
  const body = make("div", "item__body", nameOf(item), textOf(item), picturesOf(item.files ?? []));
  body.append(...[choicesOf(item, onPress), linkOf(item.link)].filter(Boolean));
  const element = make("li", `item item_${item.from}`, avatarOf(item), body);
  element.dataset.at = item.at;
  return element;
}

function nameOf({ from, name }) {
  return from === "staff" && name ? make("p", "item__name", name) : null;
}

function avatarOf({ from, name }) {
  const avatar = make("span", `avatar avatar_${from}`, from === "staff" ? initial(name) : "");
  avatar.setAttribute("aria-hidden", "true");
  return avatar;
}

// 居委会 小陈 -> 陈: the last part without 小 or 老, as a name is called in the neighbourhood.
function initial(name) {
  const last = (name ?? "").trim().split(/[\s·]+/).at(-1) ?? "";
  return [...last.replace(/^[小老](?=.)/u, "")][0] ?? "·";
}

function textOf({ from, text }) {
  if (!text) return null;
  const who = { me: "you", linli: "linli", staff: "staff" }[from];
  const words = make("span", "bubble__text", ...(from === "me" ? [text] : withLinks(text)));
  words.dir = "auto";
  const bubble = make("div", "bubble", make("span", "unseen", t(who)), words);
  return isLong(text) ? folded(bubble, words) : bubble;
}

function isLong(text) {
  return text.length > longText.characters || text.split("\n").length > longText.lines;
}

function folded(bubble, words) {
  const button = make("button", "more", t("more_text"));
  button.type = "button";
  words.classList.add("bubble__text_long");
  button.addEventListener("click", () => {
    const long = words.classList.toggle("bubble__text_long");
    button.textContent = t(long ? "more_text" : "less_text");
  });
  bubble.append(button);
  return bubble;
}

function withLinks(text) {
  const parts = [];
  let end = 0;
  for (const match of text.matchAll(address)) {
    parts.push(text.slice(end, match.index), outward(match[0], match[0]));
    end = match.index + match[0].length;
  }
  return [...parts, text.slice(end)];
}

function outward(url, label, className = "") {
  const link = make("a", className, label);
  link.href = url;
  if (link.origin !== location.origin && link.protocol !== "tel:") {
    link.target = "_blank";
    link.rel = "noopener noreferrer";
  }
  return link;
}

function linkOf(link) {
  if (!link || !followed.has(new URL(link.url, location.href).protocol)) return null;
  return outward(link.url, link.label, "item__link");
}

function picturesOf(files) {
  return files.length ? make("div", "pictures", ...files.map((file) => (file.name ? drawDocument(file) : drawPicture(file.url)))) : null;
}

function drawDocument({ url, name }) {
  const link = outward(url, name, "document");
  link.download = name;
  return link;
}

export function drawPicture(url) {
  const image = make("img", "");
  Object.assign(image, { src: url, alt: t("photo_alt"), loading: "lazy", decoding: "async" });
  const button = make("button", "picture", image);
  button.type = "button";
  button.setAttribute("aria-label", t("photo_open"));
  button.addEventListener("click", () => openPicture(url));
  image.addEventListener("error", () => image.replaceWith(t("photo_alt")));
  return button;
}

function choicesOf({ buttons }, onPress) {
  if (!buttons?.length) return null;
  const row = make("div", "choices", ...buttons.map((button) => choiceOf(button, onPress)));
  const used = buttons.find((button) => button.used) ?? buttons.find((button) => wasUsed(button));
  if (used) grey(row, buttons.indexOf(used));
  return row;
}

function choiceOf(button, onPress) {
  if (button.call?.startsWith("tel:")) return outward(button.call, button.label, "choice choice_call");
  const choice = make("button", "choice", button.label);
  choice.type = "button";
  choice.addEventListener("click", () => {
    grey(choice.parentElement, [...choice.parentElement.children].indexOf(choice));
    remember(usedKey, [...(recall(usedKey) ?? []), keyOf(button)].slice(-keptUsed));
    onPress(button);
  });
  return choice;
}

function grey(row, pressed) {
  for (const [index, choice] of [...row.children].entries()) {
    if (choice.localName !== "button") continue; // a number can be called again
    choice.disabled = true;
    choice.setAttribute("aria-pressed", String(index === pressed));
  }
}

function wasUsed(button) {
  return (recall(usedKey) ?? []).includes(keyOf(button));
}

function keyOf({ message, index }) {
  return `${message} ${index}`;
}
