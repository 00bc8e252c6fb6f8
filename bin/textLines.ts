/** A longer line is no entry of a capture, and must not fill the memory. */
const longest = 32 << 20;

/** One line of a file and its number from 1; `text` is absent when the line is too long to be kept. */
export interface TextLine {
  readonly number: number;
  readonly text?: string;
}

const newline = 0x0a;

/** Splits chunks of bytes into lines, whatever the chunks; the last line may lack its end. */
export const createTextLines = (): { push(chunk: Uint8Array): readonly TextLine[]; end(): readonly TextLine[] } => {
  let number = 0;
  let kept: Uint8Array[] = [];
  let length = 0;
  const finish = (): TextLine => {
    number += 1;
    const line = length > longest ? { number } : { number, text: Buffer.concat(kept).toString('utf8') };
    kept = [];
    length = 0;
    return line;
  };
  const keep = (bytes: Uint8Array): void => {
    length += bytes.length;
    if (length > longest) kept = [];
    else kept.push(bytes);
  };
  return {
    push: (chunk) => {
      const lines: TextLine[] = [];
      let from = 0;
      for (let end = chunk.indexOf(newline); end >= 0; end = chunk.indexOf(newline, from)) {
        keep(chunk.subarray(from, end));
        lines.push(finish());
        from = end + 1;
      }
      if (from < chunk.length) keep(chunk.subarray(from));
      return lines;
    },
    end: () => (length === 0 ? [] : [finish()]),
  };
};
