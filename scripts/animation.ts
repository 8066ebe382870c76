// Writes screenshots as an animated WebP. Chromium encodes the frames; only the container is written here
// (WebP Container Specification, RFC 9649, section 2.7).
import type { Page } from 'playwright-core';

/** A screenshot in PNG, and how long it is shown. */
export interface Frame {
  readonly png: Buffer;
  readonly milliseconds: number;
}

/** The part of a frame that differs from the frame before, as a WebP of its own. */
interface Part {
  readonly x: number;
  readonly y: number;
  readonly width: number;
  readonly height: number;
  readonly webp: string;
}

/** The quality of lossy encoding, at which small letters stay legible. */
const quality = 0.8;

/**
 * Encodes frames of one size as an animated WebP that is repeated for ever.
 *
 * @param page an empty page, in which the frames are encoded
 * @param width the width in pixels to which they are scaled
 */
export async function animatedWebp(page: Page, frames: readonly Frame[], width: number): Promise<Buffer> {
  await page.evaluate(defineEncode);
  const chunks: Buffer[] = [];
  let size = { width: 0, height: 0 };
  for (const { png, milliseconds } of frames) {
    const call = `encode(${JSON.stringify(png.toString('base64'))}, ${width}, ${quality})`;
    const part = (await page.evaluate(call)) as Part;
    if (chunks.length === 0) size = part;
    chunks.push(frameChunk(part, milliseconds));
  }
  const header = Buffer.alloc(10);
  header[0] = 0b10;
  header.writeUIntLE(size.width - 1, 4, 3);
  header.writeUIntLE(size.height - 1, 7, 3);
  // The background is transparent black, and a loop count of 0 is for ever.
  const contents = [chunk('VP8X', header), chunk('ANIM', Buffer.alloc(6)), ...chunks];
  return chunk('RIFF', Buffer.concat([Buffer.from('WEBP'), ...contents]));
}

/** Returns a chunk of the container: its name, the length of its payload, and the payload, padded to an even length. */
function chunk(name: string, payload: Buffer): Buffer {
  const length = Buffer.alloc(4);
  length.writeUInt32LE(payload.length);
  return Buffer.concat([Buffer.from(name), length, payload, Buffer.alloc(payload.length % 2)]);
}

function frameChunk({ x, y, width, height, webp }: Part, milliseconds: number): Buffer {
  const header = Buffer.alloc(16);
  for (const [index, value] of [x / 2, y / 2, width - 1, height - 1, milliseconds].entries())
    header.writeUIntLE(value, 3 * index, 3);
  // The part replaces what is below it, and stays.
  header[15] = 0b10;
  return chunk('ANMF', Buffer.concat([header, imageChunks(Buffer.from(webp, 'base64'))]));
}

/** Returns the chunks of a WebP file that hold the picture itself. */
function imageChunks(file: Buffer): Buffer {
  const found: Buffer[] = [];
  for (let at = 12; at < file.length; ) {
    const length = file.readUInt32LE(at + 4);
    const end = at + 8 + length + (length % 2);
    if (/^(VP8 |VP8L|ALPH)$/.test(file.toString('latin1', at, at + 4))) found.push(file.subarray(at, end));
    at = end;
  }
  return Buffer.concat(found);
}

/** Defines `encode` in the page. It remembers the last frame, and encodes what has changed since. */
const defineEncode = `
  let last = null;
  globalThis.encode = async (png, width, quality) => {
    const bytes = Uint8Array.from(atob(png), (letter) => letter.charCodeAt(0));
    const picture = await createImageBitmap(new Blob([bytes], { type: 'image/png' }));
    const height = Math.round((picture.height * width) / picture.width);
    const canvas = new OffscreenCanvas(width, height);
    const context = canvas.getContext('2d', { alpha: false });
    context.imageSmoothingQuality = 'high';
    context.drawImage(picture, 0, 0, width, height);
    const pixels = new Uint32Array(context.getImageData(0, 0, width, height).data.buffer);
    let [left, top, right, bottom] = last ? [width, height, 0, 0] : [0, 0, width, height];
    for (let at = 0; last && at < pixels.length; at++)
      if (pixels[at] !== last[at]) {
        const [x, y] = [at % width, Math.floor(at / width)];
        left = Math.min(left, x);
        right = Math.max(right, x + 1);
        top = Math.min(top, y);
        bottom = y + 1;
      }
    last = pixels;
    // A frame in which nothing has changed is a part of one pixel. The container has even offsets only.
    if (right === 0) [left, top, right, bottom] = [0, 0, 1, 1];
    left -= left % 2;
    top -= top % 2;
    const part = new OffscreenCanvas(right - left, bottom - top);
    part.getContext('2d', { alpha: false }).drawImage(canvas, -left, -top);
    const blob = await part.convertToBlob({ type: 'image/webp', quality });
    const encoded = Array.from(new Uint8Array(await blob.arrayBuffer()), (byte) => String.fromCharCode(byte)).join('');
    return { x: left, y: top, width: right - left, height: bottom - top, webp: btoa(encoded) };
  };
`;
