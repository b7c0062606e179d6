// The head of a page opens the socket while the page's scripts are still on their way (`EarlySocket` in frontend.py). It is
// taken over here, as if it had been opened just now.

// The name of this tab that the early socket has already told the server.
export function earlyTab() {
  return window.early?.tab;
}

// The early socket if it leads to `address` and is not closed; otherwise nothing, and it is closed.
export function takeEarly(address) {
  const { socket, heard } = window.early ?? {};
  delete window.early;
  if (socket?.url !== address || socket.readyState > WebSocket.OPEN) return socket?.close();
  // Whoever asked for the socket first says what to call.
  queueMicrotask(() => {
    if (socket.readyState === WebSocket.OPEN) socket.dispatchEvent(new Event("open"));
    heard.forEach((data) => socket.dispatchEvent(new MessageEvent("message", { data })));
  });
  return socket;
}
