/** What a remote control sends. */
export type AudioControl = 'stop' | 'play' | 'forward' | 'backward' | 'fast-forward' | 'fast-forward-stop';

/** What A2DP does at one end: the stream's state, at a source what its sink's controls ask for, at a sink what comes to be heard. */
export type AudioEvent =
  | { readonly kind: 'playing' | 'suspended' | 'stopped' }
  | { readonly kind: 'control'; readonly control: AudioControl }
  | { readonly kind: 'data'; readonly bytes: Uint8Array };
