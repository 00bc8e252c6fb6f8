export { createDecoder, type Decoder, type DecoderConfig, type Heard } from './createDecoder.js';
export type { CaptureContext, CaptureEntry, Decoded, DecodedResult } from './decoded.js';
