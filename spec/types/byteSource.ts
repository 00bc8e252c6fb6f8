import { type Observable, EMPTY } from 'rxjs';
import type { ByteSource } from '../../operators/byteSource.js';

declare const source: ByteSource;

const chunk: Observable<Uint8Array> = source.read(16);

// @ts-expect-error a read is asked for in bytes, not in text
source.read('16');

// @ts-expect-error a chunk is bytes, never text
const text: Observable<string> = source.read();

// @ts-expect-error a source without read() is none
const none: ByteSource = {};

const empty: ByteSource = { read: () => EMPTY };

export { chunk, empty, none, text };
