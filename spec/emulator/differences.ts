/** Steps at which the emulator is known to answer something else, with the reason. `peer`: what the peer did cannot be derived from the recording. */
export const differences: Readonly<Record<string, { readonly reason: string; readonly peer?: true }>> = {
  'v2000-A-basic#153': { reason: 'An answer to a ping with no access point joined: an artefact of the recording, not to be copied.', peer: true },
  'v41dev-B2-mux-passive-server-udp#38': {
    reason: 'A link opened in passive mode and switched to active lost the bytes that came with the FIN; the emulator prints them before CLOSED.',
  },
  'v2000-E-softap#1': { reason: 'A station joined while the port was not yet recorded; the emulator says +STA_CONNECTED when it joins.', peer: true },
  'v2000-E-softap#9': { reason: 'No +STA_... line was recorded, though the firmware holds the text; the emulator says +STA_DISCONNECTED.' },
};
