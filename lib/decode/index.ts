export { createDecoder, type Decoder, type DecoderConfig } from './createDecoder.js';
export type { CaptureContext, CaptureEntry, Decoded, DecodedResult } from './decoded.js';
export type { Heard } from './heard.js';
