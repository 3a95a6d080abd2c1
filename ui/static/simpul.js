// Everything here only shortens what works without it. Each behaviour hangs on a data attribute and stands in a file of its own.
import { startCamera } from "./js/camera.js";
import { startClocks } from "./js/clocks.js";
import { startFocus } from "./js/focus.js";
import { startForms } from "./js/forms.js";
import { startKeys } from "./js/keys.js";
import { startKiosk } from "./js/kiosk.js";
import { startReveal } from "./js/reveal.js";
import { startPhone } from "./js/phone.js";
import { startPhoto } from "./js/photo.js";
import { startRows } from "./js/rows.js";
import { startScan } from "./js/scan.js";
import { startUpload } from "./js/upload.js";
import { startVerify } from "./js/verify.js";

startCamera();
startClocks();
startFocus();
startForms();
startKeys();
startKiosk();
startReveal();
startPhone();
startPhoto();
startRows();
startScan();
startUpload();
startVerify();
