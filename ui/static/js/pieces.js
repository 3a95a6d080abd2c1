// A picture goes to the node in pieces, so that a broken Wi-Fi costs a piece and not the picture.
const step = 128 * 1024, longest = 20000, patience = 4000; // bytes; ms that an answer, and the pause before another try, may take

export const most = 15e6; // bytes of a picture
export const pause = (ms) => new Promise((done) => setTimeout(done, ms));
export const random = () => Array.from(crypto.getRandomValues(new Uint8Array(8)), (b) => b.toString(16).padStart(2, "0")).join("");

// ask answers null when the Wi-Fi is gone, else what the node says, with its status.
export async function ask(url, body, limit = longest) {
  const stop = new AbortController();
  const timer = setTimeout(() => stop.abort(), limit);
  try {
    const res = await fetch(url, { method: body ? "POST" : "GET", body, headers: body && { "Content-Type": "application/octet-stream" }, signal: stop.signal });
    return { ...(await res.json()), status: res.status };
  } catch {
    return null;
  } finally {
    clearTimeout(timer);
  }
}

// sendPieces goes on until the picture is whole or refused. It returns the last answer, or null when wanted() became false. said is
// called after each piece with its answer, null while the Wi-Fi is gone; again(answer) says which refusals to try once more.
export async function sendPieces(picture, address, { wanted, said, again = (answer) => answer.status >= 500 }) {
  let at = 0, wait = 500;
  while (wanted()) {
    const answer = await ask(address(at), picture.slice(at, at + step));
    if (!wanted()) return null;
    said(answer);
    if (!answer || again(answer)) {
      await pause(wait);
      wait = Math.min(wait * 2, patience);
      continue;
    }
    if (answer.status >= 400 || answer.state !== "open") return answer;
    wait = 500;
    at = answer.at;
  }
  return null;
}
