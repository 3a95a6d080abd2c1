// [data-card-camera="/path"]: reads a card with the webcam. Where the browser itself can read codes (BarcodeDetector: Chrome on Android,
// ChromeOS and macOS), pictures stay in it; on Windows they go to the node, which answers what it reads and keeps none.
const pause = 200, wide = 1280, quality = 0.8; // ms; pixels; of JPEG

class Camera {
  constructor(box) {
    this.find = (what) => box.querySelector(what);
    this.url = box.dataset.cardCamera;
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
    if (!navigator.mediaDevices?.getUserMedia) return this.show(["none"]); // over plain http
    const formats = "BarcodeDetector" in window ? await BarcodeDetector.getSupportedFormats() : [];
    if (formats.includes("qr_code")) this.detector = new BarcodeDetector({ formats: formats.filter((one) => one === "qr_code" || one === "code_128") });
    this.open.hidden = false;
    this.open.addEventListener("click", () => this.look());
    window.addEventListener("pagehide", () => this.stop());
  }

  async look() {
    try {
      this.video.srcObject = await navigator.mediaDevices.getUserMedia({ video: { facingMode: "environment", width: { ideal: wide } } });
      await this.video.play();
    } catch {
      return this.show(["denied"]);
    }
    this.open.hidden = true;
    this.show(["lens", "hold"]);
    this.next();
  }

  // read returns the codes in the present picture.
  async read() {
    if (this.detector) {
      const found = await this.detector.detect(this.video).catch(() => []);
      return found.map((one) => ({ code: one.rawValue, qr: one.format === "qr_code" }));
    }
    const canvas = document.createElement("canvas");
    const scale = Math.min(1, wide / this.video.videoWidth);
    canvas.width = Math.round(this.video.videoWidth * scale);
    canvas.height = Math.round(this.video.videoHeight * scale);
    canvas.getContext("2d").drawImage(this.video, 0, 0, canvas.width, canvas.height);
    const body = await new Promise((done) => canvas.toBlob(done, "image/jpeg", quality));
    const headers = { "Content-Type": "image/jpeg", "X-Csrf-Token": this.form.elements._csrf.value };
    const answer = await fetch(this.url, { method: "POST", body, headers }).catch(() => null);
    return answer?.status === 200 ? [await answer.json()] : [];
  }

  async next() {
    if (!this.video.srcObject) return;
    const found = await this.read();
    // The QR proves the card; the bars beside it only name it, so they wait a few pictures for the QR.
    const qr = found.find((one) => one.qr);
    this.bars = found.length ? (this.bars ?? 0) + 1 : 0;
    const code = qr ?? (this.bars > 5 ? found[0] : undefined);
    if (!code) return void setTimeout(() => this.next(), pause);
    this.stop();
    this.form.elements.code.value = code.code;
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
