export { AtError, isAtError, type AtErrorInit, type AtErrorKind, type Retry } from './atError.js';
export type { ByteSource } from './byteSource.js';
export { createFramer } from './framer.js';
export { dataPrompt, type DataPromptConfig } from './dataPrompt.js';
export type {
  AfterPrompt,
  BrokenFrame,
  CountedHead,
  DataFrame,
  Frame,
  Framer,
  FramerInstruction,
  FramerOptions,
  HeadMatch,
  LineFrame,
  NoiseFrame,
  PartFrame,
  PromptFrame,
  RawFrame,
} from './frame.js';
export { frames } from './frames.js';
export { fromBytes } from './fromBytes.js';
export { lengthPrefixed, type LengthPrefixedConfig } from './lengthPrefixed.js';
export { lineBytes, type LineBytesConfig } from './lineBytes.js';
export { lines, type LinesConfig } from './lines.js';
export { passthrough, type PassthroughConfig } from './passthrough.js';
export { pulled, type PulledConfig } from './pulled.js';
export { pullMap, type PullMapConfig } from './pullMap.js';
export { pullThrough, type PullThroughConfig } from './pullThrough.js';
export { retryBackoff, type RetryBackoffConfig } from './retryBackoff.js';
export { decodeLatin1, decodeUtf8, encodeUtf8 } from './utf8.js';
