/**
 * Entries whose effect needs a broker, a web server, files or the air, and which the emulated module therefore answers with ERROR. Worked off group by
 * group: whoever gives an entry its effect takes it out here and gives it cases under `tables/`.
 */
export const pending: Readonly<Record<'mqtt' | 'http' | 'files' | 'ble' | 'bt', readonly string[]>> = {
  mqtt: [],
  http: [],
  files: [],
  ble: [
    'AT+BLEINIT set', 'AT+BLEADDR set', 'AT+BLEADDR query', 'AT+BLENAME set', 'AT+BLESCANPARAM set', 'AT+BLESCANPARAM query', 'AT+BLESCAN set', 'AT+BLESCAN set stop',
    'AT+BLESCANRSPDATA set', 'AT+BLEADVPARAM set', 'AT+BLEADVPARAM query', 'AT+BLEADVDATA set', 'AT+BLEADVDATA query', 'AT+BLEADVDATAEX set', 'AT+BLEADVDATAEX query',
    'AT+BLEADVSTART execute', 'AT+BLEADVSTOP execute', 'AT+BLECONN set', 'AT+BLECONN query', 'AT+BLEDISCONN set', 'AT+BLEDATALEN set', 'AT+BLECFGMTU set',
    'AT+BLECFGMTU query', 'AT+BLESPPCFG set', 'AT+BLESPPCFG set reset', 'AT+BLESPPCFG query', 'AT+BLESPP execute', 'AT+BLEGATTSSRVCRE execute',
    'AT+BLEGATTSSRVSTART execute', 'AT+BLEGATTSSRVSTART set', 'AT+BLEGATTSSRV query', 'AT+BLEGATTSCHAR query', 'AT+BLEGATTSNTFY set', 'AT+BLEGATTSIND set',
    'AT+BLEGATTSSETATTR set', 'AT+BLEGATTCPRIMSRV set', 'AT+BLEGATTCINCLSRV set', 'AT+BLEGATTCCHAR set', 'AT+BLEGATTCRD set', 'AT+BLEGATTCWR set',
    'AT+BLESECPARAM set', 'AT+BLESECPARAM query', 'AT+BLEENC set', 'AT+BLEENCRSP set', 'AT+BLEKEYREPLY set', 'AT+BLECONFREPLY set', 'AT+BLEENCDEV query',
    'AT+BLEENCCLEAR set', 'AT+BLEENCCLEAR execute', 'AT+BLESETKEY set', 'AT+BLESETKEY query', 'AT+BLEHIDINIT set', 'AT+BLEHIDINIT query', 'AT+BLEHIDKB set',
    'AT+BLEHIDMUS set', 'AT+BLEHIDCONSUMER set', 'AT+BLUFI set', 'AT+BLUFI query', 'AT+BLUFINAME set', 'AT+BLUFINAME query',
  ],
  bt: [
    'AT+BTINIT set', 'AT+BTINIT query', 'AT+BTNAME set', 'AT+BTNAME query', 'AT+BTSCANMODE set', 'AT+BTSCANMODE query', 'AT+BTSTARTDISC set', 'AT+BTSECPARAM set',
    'AT+BTSECPARAM query', 'AT+BTKEYREPLY set', 'AT+BTPINREPLY set', 'AT+BTSECCFM set', 'AT+BTENCDEV query', 'AT+BTENCCLEAR set', 'AT+BTENCCLEAR execute',
    'AT+BTCOD set', 'AT+BTSPPINIT set', 'AT+BTSPPINIT query', 'AT+BTSPPCONN set', 'AT+BTSPPCONN query', 'AT+BTSPPDISCONN set', 'AT+BTSPPSEND set',
    'AT+BTSPPSEND execute', 'AT+BTSPPSTART execute', 'AT+BTA2DPINIT set', 'AT+BTA2DPINIT query', 'AT+BTA2DPCONN set', 'AT+BTA2DPCONN query', 'AT+BTA2DPDISCONN set',
    'AT+BTA2DPSRC set', 'AT+BTA2DPSRC query', 'AT+BTA2DPCTRL set',
  ],
};
