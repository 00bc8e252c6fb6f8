/** The JavaScript string that UTF-8 bytes (one character per byte) stand for; what is no UTF-8 stays one character per byte. */
export const utf8Text = (bytes: string): string => {
  let escaped = '';
  for (const character of bytes) escaped += `%${character.charCodeAt(0).toString(16).padStart(2, '0')}`;
  try {
    return decodeURIComponent(escaped);
  } catch {
    return bytes;
  }
};
