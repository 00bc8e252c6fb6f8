/** What either side is asked, by association model. */
export type PairingSteps = Readonly<Record<string, readonly [initiator: readonly string[], responder: readonly string[]]>>;

/** The models of the core specification: just works, the initiator shows, the responder shows, both type, both compare. */
export const pairingSteps: PairingSteps = {
  J: [[], []],
  I: [['show'], ['enter']],
  R: [['enter'], ['show']],
  B: [['enter'], ['enter']],
  C: [['compare'], ['compare']],
};
