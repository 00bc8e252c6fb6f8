/**
 * Entries whose effect needs a broker, a web server, files or the air, and which the emulated module therefore answers with ERROR. Worked off group by
 * group: whoever gives an entry its effect takes it out here and gives it cases under `tables/`.
 */
export const pending: Readonly<Record<'mqtt' | 'http' | 'files' | 'ble' | 'bt', readonly string[]>> = {
  mqtt: [],
  http: [],
  files: [],
  ble: [
    'AT+BLESPPCFG set', 'AT+BLESPPCFG set reset', 'AT+BLESPPCFG query', 'AT+BLESPP execute', 'AT+BLEHIDINIT set', 'AT+BLEHIDINIT query', 'AT+BLEHIDKB set',
    'AT+BLEHIDMUS set', 'AT+BLEHIDCONSUMER set',
  ],
  bt: [
    'AT+BTINIT set', 'AT+BTINIT query', 'AT+BTNAME set', 'AT+BTNAME query', 'AT+BTSCANMODE set', 'AT+BTSCANMODE query', 'AT+BTSTARTDISC set', 'AT+BTSECPARAM set',
    'AT+BTSECPARAM query', 'AT+BTKEYREPLY set', 'AT+BTPINREPLY set', 'AT+BTSECCFM set', 'AT+BTENCDEV query', 'AT+BTENCCLEAR set', 'AT+BTENCCLEAR execute',
    'AT+BTCOD set', 'AT+BTSPPINIT set', 'AT+BTSPPINIT query', 'AT+BTSPPCONN set', 'AT+BTSPPCONN query', 'AT+BTSPPDISCONN set', 'AT+BTSPPSEND set',
    'AT+BTSPPSEND execute', 'AT+BTSPPSTART execute', 'AT+BTA2DPINIT set', 'AT+BTA2DPINIT query', 'AT+BTA2DPCONN set', 'AT+BTA2DPCONN query', 'AT+BTA2DPDISCONN set',
    'AT+BTA2DPSRC set', 'AT+BTA2DPSRC query', 'AT+BTA2DPCTRL set',
  ],
};
