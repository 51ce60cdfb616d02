// The open line to the server: what Linli and staff send arrives here. A lost line is taken up again after the last item seen.

const silence = 45_000; // the server pings every 25 s
const backoff = [0.5, 1, 2, 4, 8, 15];
let socket = null;
let tries = 0;
let timers = {};
let tell = {}; // after() -> seq, onItems(items), onTyping(on, by), onSeen(), onLine(up)

export function startLive(listeners) {
  tell = listeners;
  window.addEventListener("online", reconnect);
  window.addEventListener("offline", () => tell.onLine(false));
  document.addEventListener("visibilitychange", () => document.visibilityState === "visible" && reconnectIfLost());
  connect();
}

function reconnectIfLost() {
  if (!socket || socket.readyState > WebSocket.OPEN) reconnect();
}

export function reconnect() {
  tries = 0;
  connect();
}

// After the first message of a new visitor the server has to look up whose thread this line is for.
export function lookAgain() {
  if (socket?.readyState === WebSocket.OPEN) socket.send("look");
}

// What staff may know of this page: that somebody types, and how far it has shown the thread.
export function tellStaff(words) {
  if (socket?.readyState === WebSocket.OPEN) socket.send(words);
}

function connect() {
  leave();
  const scheme = location.protocol === "https:" ? "wss" : "ws";
  socket = new WebSocket(`${scheme}://${location.host}/chat/live?after=${tell.after()}`);
  socket.onmessage = (event) => receive(JSON.parse(event.data));
  socket.onclose = lost;
  listen();
}

function leave() {
  clearTimeout(timers.again);
  clearTimeout(timers.silence);
  if (!socket) return;
  socket.onmessage = socket.onclose = null;
  socket.close();
}

function listen() {
  clearTimeout(timers.silence);
  timers.silence = setTimeout(lost, silence);
}

function lost() {
  leave();
  tell.onLine(false);
  const wait = backoff[Math.min(tries++, backoff.length - 1)] * (0.7 + 0.6 * Math.random());
  timers.again = setTimeout(connect, wait * 1000);
}

function receive(message) {
  listen();
  if (message.type === "hello") {
    tries = 0;
    tell.onLine(true);
  }
  if (message.type === "items") tell.onItems(message.items);
  if (message.type === "typing") tell.onTyping(message.on, message.by);
  if (message.type === "seen") tell.onSeen();
}
