import { joining, type Table } from '../../support/enumeration.js';
import { peers } from './peers.js';

const rejected = { kind: 'command', code: 'rejected' } as const;
const macs = { staMac: '02:11:22:33:44:55', apMac: '02:11:22:33:44:66' } as const;
const softAp = ['AT+CWMODE=2'] as const;
const nowhere = { ip: '0.0.0.0', gateway: '0.0.0.0', netmask: '0.0.0.0' } as const;
const lease = { accessPoints: [{ ssid: 'Espressif', lease: { ip: '10.1.2.3', gateway: '10.1.2.1', netmask: '255.255.0.0', dns: '10.1.2.9' }, prefix6: 'fd00::' }] } as const;
const cable = { ip: '172.16.0.5', gateway: '172.16.0.1', netmask: '255.240.0.0' } as const;

/** Addresses and names: document 000 §3.12 to §3.15, §3.19, §4.2, §4.8, §4.26, §4.27, chapter 7; document 002. */
export const addressesTable: Table = {
  'AT+CIPSTAMAC set': {
    cases: [
      { given: ['AT+CWMODE=1'], params: { mac: '02:aB:cd:ef:01:23' }, tells: { 'AT+CIPSTAMAC?': '+CIPSTAMAC:"02:ab:cd:ef:01:23"' } },
      // Bit 0 of the first octet marks a group.
      { given: ['AT+CWMODE=1'], params: { mac: '03:ab:cd:ef:01:23' }, refused: rejected },
    ],
  },
  'AT+CIPSTAMAC query': { cases: [{ emulator: macs, expect: { mac: '02:11:22:33:44:55' } }] },
  'AT+CIPAPMAC set': {
    cases: [
      { given: softAp, params: { mac: '02:aB:cd:ef:01:24' }, tells: { 'AT+CIPAPMAC?': '+CIPAPMAC:"02:ab:cd:ef:01:24"' } },
      { given: softAp, params: { mac: '01:ab:cd:ef:01:24' }, refused: rejected },
    ],
  },
  'AT+CIPAPMAC query': { cases: [{ emulator: macs, expect: { mac: '02:11:22:33:44:66' } }] },
  'AT+CIPSTA set': {
    cases: [
      {
        given: joining, params: { ip: '192.168.4.200', gateway: '192.168.4.9', netmask: '255.255.255.128' },
        tells: { 'AT+CIPSTA?': '+CIPSTA:ip:"192.168.4.200"\n+CIPSTA:gateway:"192.168.4.9"\n+CIPSTA:netmask:"255.255.255.128"' },
        after: (rig) => expect(rig.events).toContainEqual({ name: 'WIFI GOT IP', fields: {} }),
      },
      // Recorded: what is left out is made of the address.
      { given: joining, params: { ip: '192.168.4.200' }, tells: { 'AT+CIPSTA?': '+CIPSTA:ip:"192.168.4.200"\n+CIPSTA:gateway:"192.168.4.1"\n+CIPSTA:netmask:"255.255.255.0"' } },
    ],
  },
  'AT+CIPSTA query': {
    cases: [
      { given: ['AT+CWMODE=1'], expect: nowhere },
      { emulator: lease, given: joining, expect: { ip: '10.1.2.3', gateway: '10.1.2.1', netmask: '255.255.0.0' } },
      {
        for: 'v4', emulator: { ...lease, ...macs }, given: ['AT+CIPV6=1', ...joining],
        expect: { ip: '10.1.2.3', gateway: '10.1.2.1', netmask: '255.255.0.0', ip6Local: 'fe80::11:22ff:fe33:4455', ip6Global: 'fd00::11:22ff:fe33:4455' },
      },
    ],
  },
  'AT+CIPAP set': {
    cases: [
      {
        given: softAp, params: { ip: '10.0.0.1', gateway: '10.0.0.2', netmask: '255.0.0.0' },
        tells: { 'AT+CIPAP?': '+CIPAP:ip:"10.0.0.1"\n+CIPAP:gateway:"10.0.0.2"\n+CIPAP:netmask:"255.0.0.0"' },
      },
      { given: ['AT+CWMODE=1'], params: { ip: '10.0.0.1' }, refused: rejected },
    ],
  },
  'AT+CIPAP query': {
    cases: [
      { given: softAp, expect: { ip: '192.168.4.1', gateway: '192.168.4.1', netmask: '255.255.255.0' } },
      { given: [...softAp, 'AT+CIPAP="10.0.0.1","10.0.0.2","255.255.0.0"'], expect: { ip: '10.0.0.1', gateway: '10.0.0.2', netmask: '255.255.0.0' } },
    ],
  },
  'AT+CIPETHMAC set': { cases: [{ params: { mac: '02:aB:cd:ef:01:25' }, tells: { 'AT+CIPETHMAC?': '+CIPETHMAC:"02:ab:cd:ef:01:25"' } }, { params: { mac: '01:ab:cd:ef:01:25' }, refused: rejected }] },
  'AT+CIPETHMAC query': { cases: [{ given: ['AT+CIPETHMAC="02:ab:cd:ef:01:26"'], expect: { mac: '02:ab:cd:ef:01:26' } }] },
  'AT+CIPETH set': {
    cases: [
      { params: { ip: '10.5.0.2', gateway: '10.5.0.1', netmask: '255.255.0.0' }, tells: { 'AT+CIPETH?': '+CIPETH:ip:"10.5.0.2"\n+CIPETH:gateway:"10.5.0.1"\n+CIPETH:netmask:"255.255.0.0"' } },
      {
        params: { ip: '10.5.0.2' },
        after: (rig) => {
          rig.emulator.world.plug(cable);
          rig.wait(500);
          expect(rig.events.map(({ name, fields }) => ({ name, ...fields }))).toEqual([{ name: '+ETH_CONNECTED' }, { name: '+ETH_GOT_IP', address: '10.5.0.2' }]);
        },
      },
    ],
  },
  'AT+CIPETH query': {
    cases: [
      { expect: nowhere },
      {
        before: (rig) => {
          rig.emulator.world.plug(cable);
          rig.wait(500);
        },
        expect: cable,
      },
    ],
  },
  'AT+CIFSR execute': {
    cases: [
      { emulator: { ...macs, ...lease }, given: joining, expect: [{ key: 'STAIP', value: '10.1.2.3' }, { key: 'STAMAC', value: macs.staMac }] },
      {
        emulator: macs, given: ['AT+CWMODE=3', 'AT+CIPAP="10.0.0.1"'],
        expect: [{ key: 'APIP', value: '10.0.0.1' }, { key: 'APMAC', value: macs.apMac }, { key: 'STAIP', value: '0.0.0.0' }, { key: 'STAMAC', value: macs.staMac }],
      },
      {
        for: 'v4', emulator: { ...macs, ...lease }, given: ['AT+CIPV6=1', ...joining],
        expect: [
          { key: 'STAIP', value: '10.1.2.3' }, { key: 'STAIP6LL', value: 'fe80::11:22ff:fe33:4455' }, { key: 'STAIP6GL', value: 'fd00::11:22ff:fe33:4455' },
          { key: 'STAMAC', value: macs.staMac },
        ],
      },
      { given: ['AT+CWMODE=0'], expect: [] },
    ],
  },
  'AT+CIPDOMAIN set': {
    cases: [
      { network: peers, given: joining, params: { host: 'peer.test' }, expect: { address: '203.0.113.9' } },
      { for: 'v4', network: peers, given: ['AT+CIPV6=1', ...joining], params: { host: 'peer.test', network: 'ipv6' }, expect: { address: '2001:db8::9' } },
      { network: peers, params: { host: 'localhost' }, expect: { address: '127.0.0.1' } },
      { network: peers, given: joining, params: { host: 'nobody.test' }, refused: rejected },
      { network: peers, params: { host: 'peer.test' }, refused: rejected },
    ],
  },
  'AT+PING set': {
    cases: [
      { network: { ...peers, latency: 21 }, given: joining, params: { host: 'peer.test' }, expect: 42 },
      { network: peers, given: joining, params: { host: '203.0.113.99' }, refused: { ...rejected, details: { reason: 'timeout' } } },
      { network: peers, given: ['AT+CWMODE=1'], params: { host: 'peer.test' }, refused: { ...rejected, details: { reason: 'timeout' } } },
    ],
  },
  'AT+CIPDNS set': {
    cases: [
      { for: 'v2', params: { enable: true, first: '9.9.9.9', second: '1.1.1.1', third: '8.8.4.4' }, tells: { 'AT+CIPDNS?': '+CIPDNS:1,"9.9.9.9","1.1.1.1","8.8.4.4"' } },
      { for: 'v4', params: { enable: true, first: '9.9.9.9', second: '1.1.1.1', third: '8.8.4.4' }, tells: { 'AT+CIPDNS?': '+CIPDNS:1,"9.9.9.9","1.1.1.1","8.8.4.4"' } },
      { for: 'v4', given: ['AT+CIPDNS=1,"9.9.9.9"'], params: { enable: false }, tells: { 'AT+CIPDNS?': '+CIPDNS:0,"208.67.222.222","114.114.114.114","8.8.8.8"' } },
    ],
  },
  'AT+CIPDNS query': {
    cases: [
      { for: 'v2', expect: { enable: false, servers: ['208.67.222.222'] } },
      { for: 'v4', expect: { enable: false, servers: ['208.67.222.222', '114.114.114.114', '8.8.8.8'] } },
      { given: ['AT+CIPDNS=1,"9.9.9.9","1.1.1.1"'], expect: { enable: true, servers: ['9.9.9.9', '1.1.1.1'] } },
      { for: 'v2', emulator: lease, given: joining, expect: { enable: false, servers: ['10.1.2.9'] } },
      { for: 'v4', emulator: lease, given: joining, expect: { enable: false, servers: ['10.1.2.9', '114.114.114.114', '8.8.8.8'] } },
    ],
  },
  'AT+CIPV6 set': { cases: [{ params: { enable: true }, tells: { 'AT+CIPV6?': '+CIPV6:1' } }] },
  'AT+CIPV6 query': { cases: [{ expect: { enable: false } }, { given: ['AT+CIPV6=1'], expect: { enable: true } }] },
  'AT+MDNS set': {
    cases: [
      { given: joining, params: { hostname: 'espressif', service: '_iot', port: 8080 } },
      { for: 'v4', given: joining, params: { hostname: 'my, host', service: '_printer', port: 35, instance: 'my_instance', protocol: '_udp', txt: { product: 'my "printer"', board: 'esp\\32' } } },
      { given: ['AT+CWMODE=1'], params: { hostname: 'espressif', service: '_iot', port: 8080 }, refused: rejected },
    ],
  },
  'AT+MDNS set stop': { cases: [{ given: [...joining, 'AT+MDNS=1,"espressif","_iot",8080'] }] },
};
