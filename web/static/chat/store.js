// Keeps the person's unsent messages (with their photos) in IndexedDB; a browser without it keeps them until the page closes.

const memory = new Map();
let opened = null;

function open() {
  opened ??= new Promise((resolve) => {
    try {
      const request = indexedDB.open("linli", 1);
      request.onupgradeneeded = () => request.result.createObjectStore("unsent", { keyPath: "id" });
      request.onsuccess = () => resolve(request.result);
      request.onerror = () => resolve(null);
    } catch {
      resolve(null);
    }
  });
  return opened;
}

async function withStore(mode, use) {
  const database = await open();
  if (!database) return null;
  return new Promise((resolve) => {
    const transaction = database.transaction("unsent", mode);
    const request = use(transaction.objectStore("unsent"));
    transaction.oncomplete = () => resolve(request.result);
    transaction.onerror = transaction.onabort = () => resolve(null);
  });
}

export async function keep(entry) {
  memory.set(entry.id, entry);
  await withStore("readwrite", (store) => store.put(entry));
}

export async function forget(id) {
  memory.delete(id);
  await withStore("readwrite", (store) => store.delete(id));
}

export async function keptEntries() {
  const entries = (await withStore("readonly", (store) => store.getAll())) ?? [...memory.values()];
  return entries.sort((one, other) => one.order - other.order);
}
