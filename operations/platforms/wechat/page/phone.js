// The phone: draws what /people/<id> says every half second, and posts what the person does.
"use strict";
const find = (id) => document.getElementById(id);
const WAYS = { passive: "被动回复 reply", custom: "客服消息 message", template: "模板消息 template", notice: "订阅通知 notice" };
let shown = "";
let told = null;

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

function linked(text) {
  return text.split(/(https?:\/\/[!-~]+)/).map((part, index) => {
    if (index % 2 === 0) return document.createTextNode(part);
    return Object.assign(made("a", "", part), { href: part, target: "_blank", rel: "noopener" });
  });
}

function bubble(message) {
  const line = made("li", message.way);
  const body = made("div", "bubble");
  if (message.picture) body.append(Object.assign(made("img"), { src: `/pictures/${message.picture}`, alt: "" }));
  body.append(...linked(message.text));
  if (message.url) body.append(Object.assign(made("a", "", " ↗"), { href: message.url, target: "_blank", rel: "noopener" }));
  const choices = made("div", "choices");
  for (const [id, label] of message.choices) {
    const button = made("button", "", label);
    button.addEventListener("click", () => act("tap", { id, text: label }));
    choices.append(button);
  }
  if (message.choices.length) body.append(choices);
  line.append(body);
  if (WAYS[message.way]) line.append(made("div", "way", WAYS[message.way]));
  return line;
}

function pressed(button) {
  const drawn = made("button", "", button.name);
  drawn.addEventListener("click", () => {
    drawn.closest("details")?.removeAttribute("open");
    if (button.type === "view") {
      act("view", { url: button.url });
      window.open(button.url, "_blank", "noopener");
    } else act("click", { key: button.key });
  });
  return drawn;
}

function entry(button) {
  if (!button.sub_button?.length) return pressed(button);
  const drawn = made("details");
  const below = made("div", "below");
  below.append(...button.sub_button.map(pressed));
  drawn.append(made("summary", "", button.name), below);
  return drawn;
}

function draw() {
  const state = JSON.stringify([me(), told.thread, told.menu, told.scenes]);
  find("budget").textContent = told.until ? `可发 ${told.left} 条 · ${told.left} left` : "";
  find("follow").textContent = told.follows ? "取消关注 Unfollow" : "关注 Follow";
  find("follow").className = told.follows ? "follows" : "";
  if (state === shown) return;
  shown = state;
  find("messages").replaceChildren(...told.thread.map(bubble));
  find("menu").replaceChildren(...told.menu.map(entry));
  find("scene").replaceChildren(new Option("扫码 Scan …", ""), ...told.scenes.map((scene) => new Option(scene, scene)));
  find("messages").scrollTop = find("messages").scrollHeight;
}

async function look() {
  const answer = await fetch(`/people/${me() || "oWangAyi0000000000000000000w"}`);
  if (!answer.ok) return;
  told = await answer.json();
  if (!find("me").options.length) for (const { id, name } of told.people) find("me").append(new Option(name, id));
  draw();
}

find("me").addEventListener("change", look);
find("follow").addEventListener("click", () => act(told.follows ? "unfollow" : "follow"));
find("photo").addEventListener("click", () => find("file").click());
find("file").addEventListener("change", () => {
  const [file] = find("file").files;
  if (file) post("photos", file, file.type);
  find("file").value = "";
});
find("locate").addEventListener("click", () => act("locate"));
find("speak").addEventListener("click", () => {
  const text = find("words").value.trim();
  if (text) act("speak", { text });
  find("words").value = "";
});
find("scene").addEventListener("change", () => {
  if (find("scene").value) act("follow", { scene: find("scene").value });
  find("scene").value = "";
});
find("write").addEventListener("submit", (event) => {
  event.preventDefault();
  const text = find("words").value.trim();
  if (text) act("say", { text });
  find("words").value = "";
});
look();
setInterval(look, 500);
