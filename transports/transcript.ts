export { formatEntry, parseTranscript, type BytesEntry, type ContextEntry, type TranscriptEntry, type WaitEntry } from './transcript/entry.js';
export { record, type RecordConfig, type Redact } from './transcript/record.js';
export { replay, type ReplayConfig } from './transcript/replay.js';
