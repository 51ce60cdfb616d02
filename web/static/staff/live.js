// The line to the server: "changed" refreshes the page, "over" goes to sign in. A lost line is taken up again.
import { refresh } from "./refresh.js";

const waits = [1000, 2000, 5000, 10000, 30000];
let tries = 0;
let socket = null;

// Tells the server what this page shows, or that somebody types; where the line is down, nobody misses it.
export function tell(frame) {
  if (socket?.readyState === WebSocket.OPEN) socket.send(JSON.stringify(frame));
}

export function listen() {
  const address = new URL("/staff/live", location.href);
  address.protocol = address.protocol.replace("http", "ws");
  socket = new WebSocket(address);
  socket.addEventListener("open", () => {
    if (tries) refresh();
    tries = 0;
    document.documentElement.dataset.live = "on";
    document.dispatchEvent(new CustomEvent("line:open"));
  });
  socket.addEventListener("message", (event) => hear(JSON.parse(event.data)));
  socket.addEventListener("close", again);
}

function hear({ type, ...more }) {
  document.dispatchEvent(new CustomEvent(`line:${type}`, { detail: more }));
  if (type === "changed") refresh();
  if (type === "over") location.assign(location.href);
}

function again() {
  document.documentElement.dataset.live = "off";
  setTimeout(listen, waits[Math.min(tries, waits.length - 1)] * (0.7 + Math.random() * 0.6));
  tries += 1;
}
