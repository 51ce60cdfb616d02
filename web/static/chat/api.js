// Calls to the web door. Two ways to fail: Refused (asking again is of no use) and Later (ask again after `wait` seconds).

export class Refused extends Error {
  constructor(status, words) {
    super(words);
    this.status = status;
  }
}

export class Later extends Error {
  constructor(wait, reason) {
    super(reason);
    this.wait = wait;
    this.reason = reason; // "network", "busy" (too many messages), "down", "unknown" (the cookie is gone)
  }
}

export function sendMessage(body) {
  return post("/chat/messages", body);
}

export async function loadThread(before, limit) {
  const query = before ? `before=${before}&limit=${limit}` : `limit=${limit}`;
  const response = await reach(() => fetch(`/chat/thread?${query}`, { headers: { Accept: "application/json" } }));
  return check(response.status, response.headers.get("Retry-After"), await response.text());
}

async function post(path, body) {
  const response = await reach(() =>
    fetch(path, {
      method: "POST",
      headers: { "Content-Type": "application/json", "X-Linli": "1" },
      body: JSON.stringify(body),
    }),
  );
  return check(response.status, response.headers.get("Retry-After"), await response.text());
}

async function reach(call) {
  try {
    return await call();
  } catch {
    throw new Later(0, "network");
  }
}

// XMLHttpRequest, since fetch tells nothing of how much of a photo is on its way.
export function uploadPhoto(blob, onProgress) {
  return new Promise((resolve, reject) => {
    const request = new XMLHttpRequest();
    request.open("POST", "/chat/photos");
    request.setRequestHeader("X-Linli", "1");
    request.upload.onprogress = (event) => event.lengthComputable && onProgress(event.loaded / event.total);
    request.onerror = () => reject(new Later(0, "network"));
    request.onload = () => {
      try {
        resolve(check(request.status, request.getResponseHeader("Retry-After"), request.responseText));
      } catch (error) {
        reject(error);
      }
    };
    const form = new FormData();
    form.append("photo", blob, blob.name || "photo.jpg");
    request.send(form);
  });
}

function check(status, retryAfter, text) {
  if (status === 200) return read(text);
  if (status === 429) throw new Later(Number(retryAfter) || 5, "busy");
  if (status === 401) throw new Later(5, "unknown");
  if (status >= 500 || status === 408) throw new Later(Number(retryAfter) || 0, "down");
  throw new Refused(status, wordsOf(text));
}

// A network that one has to sign in to answers for us, with a page of its own.
function read(text) {
  try {
    return JSON.parse(text);
  } catch {
    throw new Later(0, "network");
  }
}

function wordsOf(text) {
  try {
    return JSON.parse(text).text ?? "";
  } catch {
    return "";
  }
}
