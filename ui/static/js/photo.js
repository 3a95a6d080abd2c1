// [data-photo]: a picture is shown before it is sent, with a 3:4 frame to move by pointer or arrow keys; the webcam puts its
// picture into the file input, so that there is one way to send. Nothing is stored before the form is sent.
const ratio = 3 / 4;
const within = (value, low, high) => Math.max(low, Math.min(value, high));

class Picker {
  constructor(box) {
    this.find = (what) => box.querySelector(what);
    this.all = (what) => box.querySelectorAll(what);
    this.input = this.find("input[type=file]");
    this.image = this.find("[data-photo-crop] img");
    this.frame = this.find(".crop-frame");
    this.size = this.find("input[type=range]");
    this.x = this.y = 0.5;
    this.find("[data-photo-words]").hidden = true;
    this.input?.addEventListener("change", () => this.chosen("file"));
    this.image.addEventListener("load", () => this.shown());
    this.image.addEventListener("error", () => this.hide());
    this.size.addEventListener("input", () => this.draw());
    this.frame.addEventListener("keydown", (event) => this.key(event));
    this.frame.addEventListener("pointerdown", (event) => this.grab(event));
    window.addEventListener("resize", () => this.draw());
    this.camera();
    if (!this.input && this.image.complete && this.image.naturalWidth) this.shown(); // a picture that is here already
  }

  chosen(source) {
    const file = this.input.files[0];
    if (!file) return this.hide();
    this.find("[name=source]").value = source;
    URL.revokeObjectURL(this.image.src);
    this.image.src = URL.createObjectURL(file);
  }

  // What the browser cannot show is sent as it is: the server says what is wrong with it.
  hide() {
    for (const part of this.all("[data-photo-crop]")) part.hidden = true;
    for (const part of ["x", "y", "w", "h"]) this.find(`[name=crop_${part}]`).value = "";
  }

  shown() {
    for (const part of this.all("[data-photo-crop]")) part.hidden = false;
    this.frame.hidden = false;
    this.x = 0.5;
    this.y = 0.35;
    this.size.value = 100;
    this.draw();
    this.frame.closest("form").querySelector("button:not([type=button])").focus();
  }

  // x and y are where the frame lies in the room it has, 0 to 1.
  draw() {
    const { naturalWidth: W, naturalHeight: H, clientWidth: w, clientHeight: h } = this.image;
    if (!W || !w) return;
    const most = Math.min(W, H * ratio);
    const part = this.size.value / 100;
    const cw = (most * part) / W, ch = (most * part) / ratio / H;
    const cx = this.x * (1 - cw), cy = this.y * (1 - ch);
    Object.assign(this.frame.style, { left: `${cx * w}px`, top: `${cy * h}px`, width: `${cw * w}px`, height: `${ch * h}px` });
    for (const [name, value] of Object.entries({ x: cx, y: cy, w: cw, h: ch })) this.find(`[name=crop_${name}]`).value = value.toFixed(5);
    this.room = { w: (1 - cw) * w || 1, h: (1 - ch) * h || 1 };
  }

  key(event) {
    const move = { ArrowLeft: [-0.04, 0], ArrowRight: [0.04, 0], ArrowUp: [0, -0.04], ArrowDown: [0, 0.04] }[event.key];
    if (move) this.move(move[0], move[1]);
    else if (event.key === "+" || event.key === "-") {
      this.size.value = Number(this.size.value) + (event.key === "+" ? 5 : -5);
      this.draw();
    } else return;
    event.preventDefault();
  }

  move(dx, dy) {
    this.x = within(this.x + dx, 0, 1);
    this.y = within(this.y + dy, 0, 1);
    this.draw();
  }

  grab(down) {
    this.frame.setPointerCapture(down.pointerId);
    let last = down;
    const drag = (event) => {
      this.move((event.clientX - last.clientX) / this.room.w, (event.clientY - last.clientY) / this.room.h);
      last = event;
    };
    this.frame.addEventListener("pointermove", drag);
    this.frame.addEventListener("lostpointercapture", () => this.frame.removeEventListener("pointermove", drag), { once: true });
  }

  camera() {
    if (!this.input || !navigator.mediaDevices?.getUserMedia) return; // not on this PC's own address: only files
    const open = this.find("[data-photo-open]"), shoot = this.find("[data-photo-shoot]"), video = this.find("video");
    this.find("[data-photo-camera]").hidden = false;
    open.addEventListener("click", async () => {
      try {
        video.srcObject = await navigator.mediaDevices.getUserMedia({ video: { width: { ideal: 1280 }, height: { ideal: 960 } } });
        await video.play();
      } catch {
        this.find("[data-photo-denied]").hidden = false;
        return;
      }
      this.hide();
      this.find("[data-photo-lens]").hidden = shoot.hidden = false;
      open.hidden = true;
      shoot.focus();
    });
    shoot.addEventListener("click", () => this.shoot(video, open, shoot));
  }

  shoot(video, open, shoot) {
    const canvas = document.createElement("canvas");
    canvas.width = video.videoWidth;
    canvas.height = video.videoHeight;
    canvas.getContext("2d").drawImage(video, 0, 0);
    canvas.toBlob((blob) => {
      const files = new DataTransfer();
      files.items.add(new File([blob], "webcam.jpg", { type: "image/jpeg" }));
      this.input.files = files.files;
      for (const track of video.srcObject.getTracks()) track.stop();
      this.find("[data-photo-lens]").hidden = shoot.hidden = true;
      open.hidden = false;
      this.chosen("webcam");
    }, "image/jpeg", 0.92);
  }
}

export function startPhoto() {
  for (const box of document.querySelectorAll("[data-photo]")) new Picker(box);
}
