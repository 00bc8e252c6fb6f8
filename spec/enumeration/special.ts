/** Entries that no table can hold, because the module restarts after them, sleeps, or leaves the commands: `special.spec.ts` drives each under its name. */
export const special = [
  'AT+RST execute', 'AT+RESTORE execute', 'AT+GSLP set', 'AT+CIUPDATE execute', 'AT+CIUPDATE set', 'AT+CIPSEND execute', 'AT+BLESPP execute', 'AT+BTSPPSEND execute', '+++ escape',
] as const;
