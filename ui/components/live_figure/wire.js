// Read the buffer that wire.py packs: a JSON header, then float32 arrays.

/** The message in `bytes` (Uint8Array); a 2-D array becomes an array of Float32Array rows, a file a Uint8Array. */
export function unpack(bytes) {
  const length = new DataView(bytes.buffer, bytes.byteOffset, 4).getUint32(0, true);
  const header = new TextDecoder().decode(bytes.subarray(4, 4 + length));
  // A copy, because the view may begin at an address that is no multiple of four.
  const floats = new Float32Array(bytes.slice(4 + length).buffer);
  return JSON.parse(header, (_, value) => {
    if (value && Array.isArray(value.$bytes)) return new Uint8Array(floats.buffer, 4 * value.$bytes[0], value.$bytes[1]);
    if (!value || !Array.isArray(value.$)) return value;
    const [offset, rows, columns] = value.$;
    if (columns === undefined) return floats.subarray(offset, offset + rows);
    return Array.from({ length: rows }, (_, row) => {
      const start = offset + row * columns;
      return floats.subarray(start, start + columns);
    });
  });
}
