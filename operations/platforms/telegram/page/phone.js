// The phone: draws what /people/<id> says every half second, and posts what the person does.
"use strict";
const find = (id) => document.getElementById(id);
const people = [["101", "王阿姨"], ["102", "小陈"], ["103", "Maria (English)"]];
let shown = "";
let toasted = "";
let inGroup = false;

for (const [id, name] of people) find("me").append(new Option(name, id));
find("me").value = new URLSearchParams(location.search).get("me") ?? "101";

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

function content(message) {
  const bubble = made("div", "bubble");
  if (inGroup || message.from.is_bot) bubble.append(made("div", "who", message.from.first_name));
  if (message.photo) {
    const image = made("img");
    image.src = `/pictures/${message.photo.at(-1).file_id}`;
    image.alt = "";
    bubble.append(image);
  }
  if (message.document) {
    const link = made("a", "", `📄 ${message.document.file_name}`);
    link.href = `/pictures/${message.document.file_id}`;
    bubble.append(link);
  }
  if (message.location) bubble.append(`📍 ${message.location.latitude}, ${message.location.longitude}`);
  if (message.contact) bubble.append(`📞 ${message.contact.phone_number}`);
  bubble.append(made("span", "", message.text ?? message.caption ?? ""));
  if (message.edit_date) bubble.append(made("time", "", " (改过 edited)"));
  return bubble;
}

function keyboard(message) {
  const rows = made("div", "keyboard");
  for (const button of (message.reply_markup?.inline_keyboard ?? []).flat()) {
    const drawn = made(button.url ? "a" : "button", "", button.text);
    if (button.url) Object.assign(drawn, { href: button.url, target: "_blank", rel: "noopener" });
    else drawn.addEventListener("click", () => act("tap", { message: message.message_id, data: button.callback_data }));
    rows.append(drawn);
  }
  return rows;
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
    find("messages").scrollTop = find("messages").scrollHeight;
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
look();
setInterval(look, 500);
