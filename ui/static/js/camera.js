// [data-card-camera]: reads a card with the webcam, where the browser itself can read codes (BarcodeDetector: Chrome on Android,
// ChromeOS and macOS; not on Windows). Elsewhere it says so. Pictures stay in the browser: only the text of the code is sent.
const pause = 200;

class Camera {
  constructor(box) {
    this.find = (what) => box.querySelector(what);
    this.form = document.querySelector("main form");
    this.open = this.find("[data-camera-open]");
    this.video = this.find("video");
    box.hidden = false;
    this.start();
  }

  show(what) {
    for (const part of ["none", "denied", "hold", "lens"]) this.find(`[data-camera-${part}]`).hidden = !what.includes(part);
  }

  async start() {
    const able = "BarcodeDetector" in window && navigator.mediaDevices?.getUserMedia;
    const formats = able ? await BarcodeDetector.getSupportedFormats() : [];
    if (!formats.includes("qr_code")) return this.show(["none"]);
    this.detector = new BarcodeDetector({ formats: formats.filter((one) => one === "qr_code" || one === "code_128") });
    this.open.hidden = false;
    this.open.addEventListener("click", () => this.look());
    window.addEventListener("pagehide", () => this.stop());
  }

  async look() {
    try {
      this.video.srcObject = await navigator.mediaDevices.getUserMedia({ video: { facingMode: "environment", width: { ideal: 1280 } } });
      await this.video.play();
    } catch {
      return this.show(["denied"]);
    }
    this.open.hidden = true;
    this.show(["lens", "hold"]);
    this.next();
  }

  async next() {
    const found = await this.detector.detect(this.video).catch(() => []);
    // The QR proves the card; the bars beside it only name it, so they wait a few pictures for the QR.
    const qr = found.find((one) => one.format === "qr_code");
    this.bars = found.length ? (this.bars ?? 0) + 1 : 0;
    const code = qr ?? (this.bars > 5 ? found[0] : undefined);
    if (!code) return void setTimeout(() => this.next(), pause);
    this.stop();
    this.form.elements.code.value = code.rawValue;
    this.form.requestSubmit();
  }

  stop() {
    for (const track of this.video.srcObject?.getTracks() ?? []) track.stop();
    this.video.srcObject = null;
  }
}

export function startCamera() {
  for (const box of document.querySelectorAll("[data-card-camera]")) new Camera(box);
}
