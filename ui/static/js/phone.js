// [data-phone-photo="/f/token"]: a picture is made smaller where the browser can, and goes in pieces, so that a broken Wi-Fi costs a
// piece and not the picture. Parts carry data-phone="the states in which they are shown". Works on plain http: nothing here needs a
// secure context.
import { ask, most, pause, random, sendPieces } from "./pieces.js";
import { smaller } from "./picture.js";

class Phone {
  constructor(box) {
    this.box = box;
    this.url = box.dataset.phonePhoto;
    this.name = random();
    this.pictures = 0;
    this.image = box.querySelector(".phone-frame img");
    this.bar = box.querySelector("progress");
    this.problem = box.querySelector("[data-phone-problem]");
    box.querySelector("[data-phone-send]").hidden = true;
    for (const input of box.querySelectorAll("input[type=file]")) input.addEventListener("change", () => this.chosen(input));
    if (!box.querySelector("p[data-phone=arrived]").hidden) this.show("arrived");
    this.watch();
  }

  show(state) {
    if (state !== this.state) {
      for (const part of this.box.querySelectorAll("[data-phone]")) part.hidden = !part.dataset.phone.split(" ").includes(state);
      const said = this.box.querySelector(`p[data-phone="${state}"], label[data-phone="${state}"]`);
      document.getElementById("status").textContent = said ? said.textContent.trim() : "";
    }
    this.state = state;
  }

  refuse(text) {
    this.current = null;
    this.show("choose");
    this.preview(null);
    this.problem.querySelector("span").textContent = text;
    this.problem.hidden = false;
    document.getElementById("alert").textContent = text;
  }

  word(name) { return this.box.querySelector("[data-phone-words]").content.querySelector(`[data-word=${name}]`).textContent; }

  preview(blob) {
    URL.revokeObjectURL(this.image.src);
    this.image.hidden = !blob;
    if (blob) this.image.src = URL.createObjectURL(blob);
    else this.image.removeAttribute("src");
  }

  async chosen(input) {
    const file = input.files[0];
    input.value = ""; // so that the same picture can be chosen once more
    if (!file) return;
    this.problem.hidden = true;
    if (file.type.startsWith("video/")) return this.refuse(this.word("video"));
    this.bar.value = 0;
    this.show("sending");
    const picture = await smaller(file);
    if (picture.size > most) return this.refuse(this.word("large"));
    if (picture !== file) this.preview(picture);
    await this.send(picture);
  }

  async send(picture) {
    const upload = (this.current = `${this.name}.${++this.pictures}`);
    const answer = await sendPieces(picture, (at) => `${this.url}/potongan?unggah=${upload}&mulai=${at}&semua=${picture.size}`, {
      wanted: () => this.current === upload,
      said: (answer) => {
        if (answer?.at) this.bar.value = (100 * answer.at) / picture.size;
        if (!answer || answer.status >= 500) this.show("lost");
        else if (answer.status < 400) this.show("sending");
      },
    });
    if (!answer) return;
    if (answer.status >= 400) return this.refuse(answer.text);
    this.current = null;
    this.show(answer.state === "used" ? "done" : "arrived");
  }

  // watch learns what the officer does with the picture.
  async watch() {
    for (;;) {
      await pause(2000);
      if (this.state !== "arrived") continue;
      const now = await ask(this.url + "/keadaan");
      if (now?.state === "used") return this.show("done");
      if (now?.state === "open") {
        this.preview(null);
        this.show("again");
      } else if (now && now.status >= 400 && now.status < 500) return this.refuse(now.text);
    }
  }
}

export function startPhone() {
  for (const box of document.querySelectorAll("[data-phone-photo]")) new Phone(box);
}
