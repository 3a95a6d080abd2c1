// [data-camera="/kamera"]: an officer's phone photographs one person after the other. A picture belongs to the person whose name
// stood on the page when the camera was opened, wherever the page is when it arrives. Names and pictures are kept in this page
// only: whoever closes it before all is sent is asked, and the people concerned still wait for a photo.
import { ask, most, pause, random, sendPieces } from "./pieces.js";
import { smaller } from "./picture.js";

const unsentMost = 60, savedShown = 6; // pictures kept in the page
const lookEvery = 3000, claimWithin = 1500; // ms
const lostLong = 45000; // ms without an answer after which the PC may have another address, which this page cannot learn

class Shots {
  constructor(box) {
    this.find = (what) => box.querySelector(what);
    this.url = box.dataset.camera;
    this.phone = random();
    this.count = 0;
    this.people = [];
    this.past = new Set(); // photographed here, skipped
    this.queue = [];
    this.scaling = Promise.resolve();
    const name = this.find("[data-camera-name]");
    this.now = name.dataset.id ? { id: name.dataset.id, name: name.textContent } : null;
    this.find("[data-camera-send]").hidden = true;
    for (const input of box.querySelectorAll("input[type=file]")) {
      input.addEventListener("click", () => { this.aim = this.now; });
      input.addEventListener("change", () => this.chosen(input));
    }
    this.find("[data-camera-skip]").addEventListener("click", (event) => {
      event.preventDefault();
      this.past.add(this.now.id);
      this.next();
    });
    window.addEventListener("beforeunload", (event) => { if (this.queue.length) event.preventDefault(); });
    this.watch();
    this.send();
  }

  word(name, value) { return this.find("[data-camera-words]").content.querySelector(`[data-word=${name}]`).textContent.replace("{0}", value); }

  say(what, text) {
    const part = this.find(`[data-camera-${what}]`);
    part.hidden = !text;
    if (part.textContent.trim() !== (text ?? "")) (part.querySelector("span") ?? part).textContent = text ?? "";
  }

  show(person) {
    this.now = person;
    this.note();
    this.say("name", person?.name ?? this.word("nobody"));
    this.find("[data-camera-take]").hidden = !person;
    document.getElementById("status").textContent = person?.name ?? this.word("nobody");
    this.counted();
  }

  counted() {
    const left = this.people.filter((one) => !this.queue.some((shot) => shot.person.id === one.id)).length;
    this.say("count", left ? this.word("count", left) : this.word("nobody_text"));
    this.find("[data-camera-shots]").hidden = !this.find(".shot-list").childElementCount;
    this.say("left", this.queue.length ? this.word("left", this.queue.length) : this.word("none"));
  }

  note() {
    const known = this.now && this.people.find((one) => one.id === this.now.id);
    this.say("note", !this.now ? "" : this.now.redo ? this.word("again") : known?.taken ? this.word("taken") : this.listed && !known ? this.word("done") : "");
  }

  chosen(input) {
    const file = input.files[0], person = this.aim ?? this.now;
    input.value = ""; // so that the same picture can be chosen once more
    this.aim = null;
    if (!file || !person) return;
    const wrong = file.type.startsWith("video/") ? "video" : file.size === 0 ? "empty" : this.queue.length >= unsentMost ? "full" : "";
    this.say("problem", wrong && this.word(wrong));
    if (wrong) return void (document.getElementById("alert").textContent = this.word(wrong));
    for (const old of this.queue.filter((shot) => shot.person.id === person.id)) this.drop(old);
    const shot = { person, upload: `${this.phone}.${++this.count}`, row: this.row(person) };
    // One after the other: a picture that is opened takes more memory than all that wait.
    shot.picture = this.scaling = this.scaling.then(() => smaller(file));
    shot.picture.then((picture) => {
      shot.row.querySelector(".shot-save").href = URL.createObjectURL(picture);
      if (picture !== file) shot.row.querySelector("img").src = URL.createObjectURL(picture);
    });
    this.queue.push(shot);
    this.past.add(person.id);
    this.next();
  }

  // next asks the node for whom it has chosen, so that a colleague does not take the same; without an answer it goes on alone.
  async next() {
    const after = this.now?.id;
    this.find("[data-camera-take]").hidden = true;
    for (let tries = 0; tries < 5; tries++) {
      const one = this.candidate(after);
      if (!one || !(await this.look(one.id, claimWithin)) || !this.people.find((p) => p.id === one.id)?.taken) return this.show(one);
    }
    this.show(this.candidate(after));
  }

  candidate(after) {
    const free = (one) => !one.taken && !this.past.has(one.id);
    if (!this.people.some(free)) { // round again: those who were skipped
      for (const one of this.people) if (!this.queue.some((shot) => shot.person.id === one.id)) this.past.delete(one.id);
    }
    const from = this.people.findIndex((one) => one.id === after) + 1;
    return [...this.people.slice(from), ...this.people.slice(0, from)].find(free) ?? null;
  }

  // look learns who waits, and says who stands before the lens. It is false when there was no answer.
  async look(id, limit) {
    const answer = await ask(`${this.url}/keadaan?di=${id ?? ""}&sisa=${this.queue.length}`, undefined, limit);
    this.reached(answer);
    if (answer?.status !== 200) return false;
    this.people = answer.people;
    this.listed = true;
    this.note();
    this.counted();
    return true;
  }

  reached(answer) {
    this.lostAt = answer ? 0 : this.lostAt || Date.now();
    const long = this.lostAt && Date.now() - this.lostAt > lostLong;
    for (const shot of this.queue) shot.row.querySelector(".shot-save").hidden = !long;
    this.say("lost", !answer ? this.word(long ? "lost_long" : "lost") : answer.status >= 400 && answer.text && (answer.status >= 500 || answer.status === 403) ? answer.text : "");
  }

  // watch never puts another name in place of one that stands there: somebody may be about to take the picture.
  async watch() {
    for (;;) {
      await this.look(this.now?.id);
      if (!this.now && this.people.length) {
        const one = this.candidate();
        if (one) this.show(one);
      }
      await pause(lookEvery);
    }
  }

  row(person) {
    const row = this.find("[data-camera-shot]").content.firstElementChild.cloneNode(true);
    const again = row.querySelector("button");
    row.querySelector("b").textContent = person.name;
    again.setAttribute("aria-label", this.word("redo", person.name));
    row.querySelector("progress").setAttribute("aria-label", person.name);
    again.addEventListener("click", () => {
      this.show({ ...person, redo: true });
      this.find("[data-camera-name]").scrollIntoView({ block: "center" });
    });
    this.state(row, "waits");
    this.find(".shot-list").prepend(row);
    return row;
  }

  state(row, word, text) {
    const said = row.querySelector(".shot-state");
    row.dataset.state = word;
    if (word === "saved" || word === "twice") row.querySelector(".shot-save").hidden = true;
    said.textContent = text ?? this.word(word);
    said.className = `shot-state ${word === "bad" ? "shot-bad" : word === "twice" ? "shot-warn" : ""}`;
    row.querySelector("progress").hidden = word !== "sending";
  }

  drop(shot) {
    this.queue = this.queue.filter((one) => one !== shot);
    this.remove(shot.row);
  }

  remove(row) {
    URL.revokeObjectURL(row.querySelector("img").src);
    URL.revokeObjectURL(row.querySelector(".shot-save").href);
    row.remove();
  }

  // send sends what waits, the oldest first, for as long as the page lives.
  async send() {
    for (;;) {
      const shot = this.queue[0];
      if (!shot) {
        await pause(200);
        continue;
      }
      const picture = await shot.picture;
      const answer = picture.size > most ? { status: 422, text: this.word("large") } : await this.sendOne(shot, picture);
      if (!answer || !this.queue.includes(shot)) continue; // another picture took its place
      this.queue = this.queue.filter((one) => one !== shot);
      if (answer.status >= 400) {
        this.past.delete(shot.person.id);
        this.state(shot.row, "bad", answer.text);
        document.getElementById("alert").textContent = `${shot.person.name}: ${answer.text}`;
      } else {
        this.people = this.people.filter((one) => one.id !== shot.person.id); // also before the node says so
        this.state(shot.row, answer.state === "arrived" ? "twice" : "saved");
      }
      for (const old of [...this.find(".shot-list").querySelectorAll("[data-state=saved]")].slice(savedShown)) this.remove(old);
      this.counted();
    }
  }

  sendOne(shot, picture) {
    const bar = shot.row.querySelector("progress");
    const where = `${this.url}/potongan?orang=${shot.person.id}${shot.person.redo ? "&ulang=1" : ""}&unggah=${shot.upload}&semua=${picture.size}&mulai=`;
    return sendPieces(picture, (at) => where + at, {
      wanted: () => this.queue.includes(shot),
      said: (answer) => {
        this.reached(answer);
        this.state(shot.row, answer && answer.status < 400 ? "sending" : "waits");
        if (answer?.at) bar.value = (100 * answer.at) / picture.size;
      },
      again: (answer) => answer.status >= 500 || answer.status === 403, // not paired any more: pairing again goes on here
    });
  }
}

export function startShots() {
  for (const box of document.querySelectorAll("[data-camera]")) new Shots(box);
}
