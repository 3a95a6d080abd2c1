// A picture made smaller before it is sent.
const longest = 2000, quality = 0.88; // pixels of the longer side, of JPEG

// What the browser cannot read goes as it is: the server says what is wrong with it. Drawing it anew also leaves out where it was taken.
export async function smaller(file) {
  if (!CSS.supports("image-orientation", "from-image")) return file; // an old browser would lay it on its side
  const image = new Image();
  image.src = URL.createObjectURL(file);
  try {
    await image.decode();
    const scale = Math.min(1, longest / Math.max(image.naturalWidth, image.naturalHeight));
    const canvas = document.createElement("canvas");
    canvas.width = Math.round(image.naturalWidth * scale);
    canvas.height = Math.round(image.naturalHeight * scale);
    canvas.getContext("2d").drawImage(image, 0, 0, canvas.width, canvas.height);
    return (await new Promise((done) => canvas.toBlob(done, "image/jpeg", quality))) ?? file;
  } catch {
    return file;
  } finally {
    URL.revokeObjectURL(image.src);
  }
}
