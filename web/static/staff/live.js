// The line to the server: "changed" refreshes the page, "over" goes to sign in. A lost line is taken up again.
import { refresh } from "./refresh.js";

const waits = [1000, 2000, 5000, 10000, 30000];
let tries = 0;

export function listen() {
  const address = new URL("/staff/live", location.href);
  address.protocol = address.protocol.replace("http", "ws");
  const socket = new WebSocket(address);
  socket.addEventListener("open", () => {
    if (tries) refresh();
    tries = 0;
    document.documentElement.dataset.live = "on";
  });
  socket.addEventListener("message", (event) => hear(JSON.parse(event.data)));
  socket.addEventListener("close", again);
}

function hear({ type }) {
  if (type === "changed") refresh();
  if (type === "over") location.assign(location.href);
}

function again() {
  document.documentElement.dataset.live = "off";
  setTimeout(listen, waits[Math.min(tries, waits.length - 1)] * (0.7 + Math.random() * 0.6));
  tries += 1;
}
