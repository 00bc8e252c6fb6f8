import * as fc from 'fast-check';
import { commands } from '../../lib/commands/index.js';
import { Secret } from '../../lib/codec/secret.js';
import type { Command } from '../../lib/command/command.js';
import { dialects } from '../../lib/dialects/dialects.js';
import { type Base, type Case, joining, type Params, stand } from '../support/enumeration.js';
import { limitsOf } from './random.js';

const { basic, wifi, tcpip, ethernet } = commands;

/** A setting and the query that must give the same back. */
interface Pair {
  readonly set: Command;
  readonly query: Command;
  readonly only?: Base;
  readonly row?: Case;
  readonly params: (base: Base) => fc.Arbitrary<Params>;
  /** What of the answer must be like the parameters; the whole answer where left out. */
  readonly seen?: (params: Params, answer: never) => readonly [unknown, unknown];
}

/** Every character the codec takes: quotes, commas, backslashes, UTF-8, and control characters but CR and LF. */
const letter = fc.oneof(
  { weight: 3, arbitrary: fc.constantFrom(...'aZ09 _-.'.split('')) },
  { weight: 3, arbitrary: fc.constantFrom('"', ',', '\\', '+', '>', '=', ':', '(', ')') },
  { weight: 2, arbitrary: fc.integer({ min: 1, max: 0x1f }).filter((code) => code !== 0x0a && code !== 0x0d).map((code) => String.fromCharCode(code)) },
  { weight: 1, arbitrary: fc.constantFrom('é', 'ß', '網', '😀', '\x7f', '\udcff') },
);
const text = (min: number, max: number): fc.Arbitrary<string> =>
  fc.array(letter, { minLength: min, maxLength: max }).map((letters) => letters.join('')).filter((value) => new TextEncoder().encode(value.replace(/[\udc80-\udcff]/g, 'x')).length <= max && value.length >= min);
const secured = fc.constantFrom('wpa', 'wpa2', 'wpa/wpa2');
/** Two strings between quotes can be told apart where only one place fits: answers escape nothing. */
const distinct = (...values: readonly string[]): boolean => `"${values.join('","')}"`.split(/(?=",")/).length === values.length;
const octets = fc.tuple(fc.integer({ min: 1, max: 223 }), fc.nat(255), fc.nat(255), fc.nat(255)).map((parts) => parts.join('.'));
const mac = fc.array(fc.nat(255), { minLength: 5, maxLength: 5 }).map((rest) => ['02', ...rest.map((value) => value.toString(16).padStart(2, '0'))].join(':'));
const revealed = (value: unknown): unknown => (value instanceof Secret ? value.reveal() : value);
const same = (params: Params, answer: Params): readonly [unknown, unknown] => [Object.fromEntries(Object.keys(params).map((name) => [name, revealed(answer[name])])), params];
const link0 = (params: Params, answer: readonly Params[]): readonly [unknown, unknown] => same({ link: 0, ...params }, answer[0] ?? {});
const station: Case = { given: ['AT+CWMODE=1'] };
const softAp: Case = { given: ['AT+CWMODE=2'] };
/** The documents show quotes around what the firmware prints without: a value that has them itself at both ends cannot be told from that. */
const bare = (value: string): boolean => !/^".*"$/s.test(value);
const named = (most: number): ((base: Base) => fc.Arbitrary<Params>) => () => fc.record({ name: text(1, most).filter(bare) });
const hint = text(0, 32).filter((value) => bare(value) && !value.includes(','));
const generic = (set: Command) => (base: Base): fc.Arbitrary<Params> => limitsOf(dialects[base], set);

const pairs: Readonly<Record<string, Pair>> = {
  'AT+SYSMSG': { set: basic.systemMessages, query: basic.systemMessagesQuery, params: generic(basic.systemMessages) },
  // The clock goes on while it is asked.
  'AT+SYSTIMESTAMP': {
    set: basic.clock, query: basic.clockQuery, params: () => fc.record({ seconds: fc.nat(0xfffffffe) }),
    seen: ({ seconds }, answer: { readonly seconds: number }) => [answer.seconds - Number(seconds) <= 1 && answer.seconds >= Number(seconds), true],
  },
  'AT+SYSLOG': { set: basic.errorCodes, query: basic.errorCodesQuery, params: generic(basic.errorCodes) },
  'AT+SYSSTORE': { set: basic.store, query: basic.storeQuery, params: generic(basic.store) },
  'AT+SLEEP': { set: basic.sleep, query: basic.sleepQuery, row: station, params: generic(basic.sleep) },
  // Never above what was set, in the steps the radio has.
  'AT+RFPOWER': {
    set: basic.radioPower, query: basic.radioPowerQuery, params: generic(basic.radioPower),
    seen: ({ wifi: asked, ...ble }, answer: Params) => [[Number(answer['wifi']) <= Number(asked), same(ble, answer)[0]], [true, ble]],
  },
  'AT+UART_DEF': { set: basic.uartDefault, query: basic.uartDefaultQuery, params: generic(basic.uartDefault), seen: same },
  'AT+CWMODE': { set: wifi.mode, query: wifi.modeQuery, params: generic(wifi.mode), seen: ({ mode }, answer: Params) => [answer['mode'], mode] },
  'AT+CWRECONNCFG': { set: wifi.reconnecting, query: wifi.reconnectingQuery, only: 'v4', params: generic(wifi.reconnecting) },
  'AT+CWAUTOCONN': { set: wifi.autoConnect, query: wifi.autoConnectQuery, params: generic(wifi.autoConnect) },
  'AT+CWHOSTNAME': { set: wifi.hostname, query: wifi.hostnameQuery, row: station, params: () => fc.record({ hostname: fc.oneof(text(1, 32), text(1, 28).map((name) => `"${name}"`)) }) },
  'AT+CWCOUNTRY': {
    set: wifi.country, query: wifi.countryQuery,
    params: () =>
      fc.integer({ min: 1, max: 14 }).chain((start) =>
        fc.record({ policy: fc.constantFrom('follow-access-point', 'fixed'), country: fc.constantFrom('DE', 'US', '01 ', 'x'), start: fc.constant(start), count: fc.integer({ min: 1, max: 15 - start }) }),
      ),
  },
  'AT+CWSAP': {
    set: wifi.softAp, query: wifi.softApQuery, row: softAp,
    params: () =>
      fc
        .record({ ssid: text(1, 32), password: text(8, 63), channel: fc.integer({ min: 1, max: 14 }), encryption: secured, maxStations: fc.integer({ min: 1, max: 10 }), hidden: fc.boolean() })
        .filter(({ ssid, password }) => distinct(ssid, password)),
    seen: same,
  },
  'AT+CWDHCPS': {
    set: wifi.dhcpServer, query: wifi.dhcpServerQuery, row: softAp,
    params: () => fc.record({ lease: fc.integer({ min: 1, max: 2880 }), start: fc.integer({ min: 2, max: 100 }).map((last) => `192.168.4.${String(last)}`), end: fc.integer({ min: 101, max: 254 }).map((last) => `192.168.4.${String(last)}`) }),
  },
  'AT+CIPSTA': { set: wifi.stationAddress, query: wifi.stationAddressQuery, row: { given: joining }, params: () => fc.record({ ip: octets, gateway: octets, netmask: octets }) },
  'AT+CIPAP': { set: wifi.softApAddress, query: wifi.softApAddressQuery, row: softAp, params: () => fc.record({ ip: octets, gateway: octets, netmask: octets }) },
  'AT+CIPSTAMAC': { set: wifi.stationMac, query: wifi.stationMacQuery, row: station, params: () => fc.record({ mac }) },
  'AT+CIPAPMAC': { set: wifi.softApMac, query: wifi.softApMacQuery, row: softAp, params: () => fc.record({ mac }) },
  'AT+CIPETHMAC': { set: ethernet.macAddress, query: ethernet.macAddressQuery, params: () => fc.record({ mac }) },
  'AT+CIPETH': { set: ethernet.address, query: ethernet.addressQuery, params: () => fc.record({ ip: octets, gateway: octets, netmask: octets }) },
  'AT+CIPMODE': { set: tcpip.transferMode, query: tcpip.transferModeQuery, params: generic(tcpip.transferMode) },
  'AT+CIPRECONNINTV': { set: tcpip.reconnectInterval, query: tcpip.reconnectIntervalQuery, only: 'v4', params: generic(tcpip.reconnectInterval) },
  'AT+TRANSINTVL': { set: tcpip.sendInterval, query: tcpip.sendIntervalQuery, only: 'v4', params: generic(tcpip.sendInterval) },
  'AT+CIPSERVERMAXCONN': { set: tcpip.serverLimit, query: tcpip.serverLimitQuery, params: generic(tcpip.serverLimit) },
  'AT+CIPSTO': { set: tcpip.serverTimeout, query: tcpip.serverTimeoutQuery, params: generic(tcpip.serverTimeout) },
  'AT+CIPDINFO': { set: tcpip.showSenders, query: tcpip.showSendersQuery, params: generic(tcpip.showSenders) },
  'AT+CIPRECVMODE': { set: tcpip.receiveMode, query: tcpip.receiveModeQuery, params: generic(tcpip.receiveMode) },
  'AT+CIPRECVTYPE': { set: tcpip.receiveType, query: tcpip.receiveTypeQuery, only: 'v4', params: () => fc.record({ passive: fc.boolean() }), seen: link0 },
  'AT+CIPSENDLCFG': { set: tcpip.sendLongSettings, query: tcpip.sendLongSettingsQuery, only: 'v4', params: generic(tcpip.sendLongSettings), seen: same },
  'AT+CIPV6': { set: tcpip.ipv6, query: tcpip.ipv6Query, only: 'v4', params: generic(tcpip.ipv6) },
  'AT+CIPTCPOPT': { set: tcpip.socketOptions, query: tcpip.socketOptionsQuery, params: generic(tcpip.socketOptions), seen: link0 },
  'AT+CIPSSLCCONF': {
    set: tcpip.tls, query: tcpip.tlsQuery, seen: link0,
    params: () => fc.record({ verify: fc.constantFrom('none', 'client', 'server', 'both'), certificate: fc.nat(1), authority: fc.nat(1) }),
  },
  'AT+CIPSSLCCN': { set: tcpip.tlsName, query: tcpip.tlsNameQuery, params: named(64), seen: link0 },
  'AT+CIPSSLCSNI': { set: tcpip.tlsServerName, query: tcpip.tlsServerNameQuery, params: named(64), seen: link0 },
  // The answer parts its strings by commas and quotes and escapes neither.
  'AT+CIPSSLCALPN': {
    set: tcpip.tlsProtocols, query: tcpip.tlsProtocolsQuery, seen: link0,
    params: () => fc.record({ protocols: fc.array(text(1, 20).filter((name) => !/[",]/.test(name)), { minLength: 1, maxLength: 5 }) }),
  },
  'AT+CIPSSLCPSK': { set: tcpip.tlsKey, query: tcpip.tlsKeyQuery, params: () => fc.record({ key: text(1, 32).filter(bare), hint }), seen: link0 },
  'AT+CIPSSLCPSKHEX': {
    set: tcpip.tlsKeyHex, query: tcpip.tlsKeyHexQuery, only: 'v4', seen: link0,
    params: () => fc.record({ key: fc.array(fc.nat(255), { minLength: 1, maxLength: 32 }).map((bytes) => bytes.map((byte) => byte.toString(16).padStart(2, '0')).join('')), hint }),
  },
  'AT+CIPDNS': {
    set: tcpip.dns, query: tcpip.dnsQuery, params: () => fc.record({ enable: fc.constant(true), first: octets, second: octets, third: octets }),
    seen: ({ first, second, third }, answer: Params) => [answer, { enable: true, servers: [first, second, third] }],
  },
  'AT+CIPSNTPCFG': {
    set: tcpip.sntp, query: tcpip.sntpQuery, params: () => fc.record({ enable: fc.constant(true), timezone: fc.integer({ min: -11, max: 13 }), first: text(1, 20), second: text(1, 20), third: text(1, 20) }).filter(({ first, second, third }) => distinct(first, second, third)),
    seen: ({ timezone, first, second, third }, answer: Params) => [answer, { enable: true, timezone, servers: [first, second, third] }],
  },
  'AT+CIPSNTPINTV': { set: tcpip.sntpInterval, query: tcpip.sntpIntervalQuery, only: 'v4', params: generic(tcpip.sntpInterval) },
};

describe.each(['v2', 'v4'] as const)('dialect %s: what is set is what a query reads', (base) => {
  const cases = Object.entries(pairs).filter(([, { only }]) => only === undefined || only === base);
  test.each(cases)('%s', (_, { set, query, row = {}, params, seen }) => {
    const rig = stand(row, base);
    fc.assert(
      fc.property(params(base), (given) => {
        const wrote = rig.exec(set, given);
        expect(wrote.error).toBeUndefined();
        const { values, error } = rig.exec(query);
        expect(error).toBeUndefined();
        const [read, wanted] = seen === undefined ? [values[0], given] : seen(given, values[0] as never);
        expect(read).toEqual(wanted);
      }),
      { numRuns: 20, seed: 11 },
    );
  });

  test('the pairs are all that the dialect has', () => {
    const settable = [...dialects[base].commands.values()].filter(({ form }) => form === 'set').map(({ name }) => name);
    const both = [...dialects[base].commands.values()].filter(({ name, form }) => form === 'query' && settable.includes(name)).map(({ name }) => name);
    const left = both.filter((name) => !(name in pairs) && !/^AT\+(?:BLE|BLUFI|BT|MQTT|HTTP|SYSFLASH)/.test(name));
    // These change the line, the links or the network: the tables have their cases.
    const known = ['AT+CIPMUX', 'AT+CIPSERVER', ...(base === 'v4' ? ['AT+CIUPDATE'] : []), 'AT+CWDHCP', 'AT+CWJAP', 'AT+CWJEAP', 'AT+UART_CUR'];
    expect(left.sort()).toEqual(known);
  });
});
