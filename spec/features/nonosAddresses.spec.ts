import { dhcp, dnsServers, setDnsServers } from '../../lib/index.js';
import { joinedModule, observed } from '../support/joinedModule.js';

const joined = () => joinedModule({ emulator: { firmware: '1.7.4' } });

describe('addresses of an ESP8266 with NONOS', () => {
  it.each([
    [{ station: false }, ['AT+CWDHCP=1,0', 'AT+CWDHCP?'], { station: false, softAp: true }],
    [{ softAp: false }, ['AT+CWDHCP=0,0', 'AT+CWDHCP?'], { station: true, softAp: false }],
    [{ station: false, softAp: false }, ['AT+CWDHCP=2,0', 'AT+CWDHCP?'], { station: false, softAp: false }],
  ] as const)('switches DHCP %j by the interface first', (change, sent, found) => {
    const module = joined();
    observed(dhcp(module.at, { station: true, softAp: true }));
    module.run(2000);
    const from = module.sent.length;
    const seen = observed(dhcp(module.at, change));
    module.run(2000);
    expect([seen.values, seen.error]).toEqual([[{ ...found, ethernet: false }], undefined]);
    expect(module.sent.slice(from)).toEqual(sent);
  });

  it('has no DHCP of Ethernet', () => {
    const module = joined();
    const seen = observed(dhcp(module.at, { ethernet: true }));
    module.run(2000);
    expect([seen.error, module.sent]).toMatchObject([{ kind: 'usage', code: 'parameter' }, []]);
  });

  it('reads DNS servers line by line, and sets two at most', () => {
    const module = joined();
    observed(setDnsServers(module.at, ['9.9.9.9', '1.1.1.1']));
    const seen = observed(dnsServers(module.at));
    const third = observed(setDnsServers(module.at, ['9.9.9.9', '1.1.1.1', '8.8.8.8']));
    module.run(2000);
    expect(seen.values).toEqual([{ manual: undefined, servers: ['9.9.9.9', '1.1.1.1'] }]);
    expect(third.error).toMatchObject({ kind: 'unsupported', code: 'parameter' });
  });
});
