// The phone: draws what /people/<id> says every half second, and posts what the person does.
"use strict";
const find = (id) => document.getElementById(id);
const people = [["101", "王阿姨"], ["102", "小陈"], ["103", "Maria (English)"]];
let shown = "";
let toasted = "";
let inGroup = false;

for (const [id, name] of people) find("me").append(new Option(name, id));
const asked = new URLSearchParams(location.search);
find("me").value = asked.get("me") ?? "101";

const bottom = () => find("messages").scrollTo(0, find("messages").scrollHeight);
const me = () => find("me").value;
const post = (path, body, type) =>
  fetch(`/people/${me()}/${path}`, { method: "POST", body, headers: { "content-type": type } }).then(look);
const act = (name, more = {}) => post("acts", JSON.stringify({ act: name, ...more }), "application/json");

function made(name, classes, text) {
  const element = document.createElement(name);
  if (classes) element.className = classes;
  if (text) element.textContent = text;
  return element;
}

function words(text) {
  const said = made("span");
  for (const part of text.split(/(https?:\/\/\S+)/)) {
    said.append(part.startsWith("http") ? link(part, part, "") : part);
  }
  return said;
}

function link(address, label, classes) {
  const drawn = made("a", classes, label);
  const url = new URL(address);
  if (url.host === "t.me") {
    drawn.href = "#";
    drawn.addEventListener("click", (event) => {
      event.preventDefault();
      choose(false);
      act("start", { scene: url.searchParams.get("start") ?? "" });
    });
  } else Object.assign(drawn, { href: address, target: "_blank", rel: "noopener" });
  return drawn;
}

function content(message) {
  const bubble = made("div", "bubble");
  if (inGroup || message.from.is_bot) bubble.append(made("div", "who", message.from.first_name));
  if (message.photo) {
    const image = made("img");
    image.src = `/pictures/${message.photo.at(-1).file_id}`;
    image.alt = "";
    image.addEventListener("load", bottom);
    bubble.append(image);
  }
  if (message.document) {
    const link = made("a", "", `📄 ${message.document.file_name}`);
    link.href = `/pictures/${message.document.file_id}`;
    bubble.append(link);
  }
  if (message.location) bubble.append(`📍 ${message.location.latitude}, ${message.location.longitude}`);
  if (message.contact) bubble.append(`📞 ${message.contact.phone_number}`);
  bubble.append(words(message.text ?? message.caption ?? ""));
  if (message.edit_date) bubble.append(made("time", "", " (改过 edited)"));
  return bubble;
}

function keyboard(message) {
  const drawn = made("div");
  for (const row of message.reply_markup?.inline_keyboard ?? []) {
    const line = made("div", "keyboard");
    for (const button of row) line.append(button.url ? link(button.url, button.text, "") : key(message, button));
    drawn.append(line);
  }
  return drawn;
}

function key(message, button) {
  const drawn = made("button", "", button.text);
  drawn.addEventListener("click", () => act("tap", { message: message.message_id, data: button.callback_data }));
  return drawn;
}

function draw(told) {
  const messages = inGroup ? told.group : told.chat;
  const state = JSON.stringify([messages, told.blocked, inGroup]);
  if (state !== shown) {
    shown = state;
    find("messages").replaceChildren(
      ...messages.map((message) => {
        const line = made("li", message.from.id === told.me ? "me" : "");
        line.append(content(message), keyboard(message));
        return line;
      }),
    );
    bottom();
  }
  find("bot").textContent = `@${told.bot}`;
  find("block").textContent = told.blocked ? "恢复 Unblock" : "停用 Block";
  find("block").dataset.blocked = told.blocked ? "" : "1";
  if (told.tap?.answer?.text && toasted !== told.tap.id) {
    toasted = told.tap.id;
    find("toast").textContent = told.tap.answer.text;
    find("toast").hidden = false;
    setTimeout(() => { find("toast").hidden = true; }, 4000);
  }
}

async function look() {
  const answer = await fetch(`/people/${me()}`);
  if (answer.ok) draw(await answer.json());
}

function choose(group) {
  inGroup = group;
  find("private").setAttribute("aria-pressed", String(!group));
  find("group").setAttribute("aria-pressed", String(group));
  find("words").placeholder = group ? "@linli_demo_bot 居委会几点下班" : "消息 Message";
  look();
}

find("private").addEventListener("click", () => choose(false));
find("group").addEventListener("click", () => choose(true));
find("me").addEventListener("change", look);
find("block").addEventListener("click", () => act("block", { blocked: find("block").dataset.blocked === "1" }));
find("photo").addEventListener("click", () => find("file").click());
find("file").addEventListener("change", () => {
  const [file] = find("file").files;
  if (file) post("photos", file, file.type);
  find("file").value = "";
});
for (const button of document.querySelectorAll("[data-act]"))
  button.addEventListener("click", () => act(button.dataset.act));
find("write").addEventListener("submit", (event) => {
  event.preventDefault();
  const text = find("words").value.trim();
  if (text) act(inGroup ? "group_say" : "say", { text });
  find("words").value = "";
});
if (asked.has("start")) act("start", { scene: asked.get("start") });
look();
setInterval(look, 500);
