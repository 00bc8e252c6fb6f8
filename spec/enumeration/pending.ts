/** Entries of the SDK whose effect the emulated module lacks, by group: none, and `complete.spec.ts` keeps it so. */
export const pending: Readonly<Record<'mqtt' | 'http' | 'files' | 'ble' | 'bt', readonly string[]>> = {
  mqtt: [],
  http: [],
  files: [],
  ble: [],
  bt: [],
};
