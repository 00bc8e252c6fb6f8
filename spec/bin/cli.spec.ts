import { esp } from './fakeIo.js';

describe('the command line', () => {
  it.each([
    ['no command', []],
    ['an unknown command', ['fly']],
    ['an unknown option', ['commands', '--colour']],
    ['no port', ['info']],
    ['a port of an unknown kind', ['info', '--port', 'udp://host:1']],
    ['a TCP port beyond 65535', ['scan', '--port', 'tcp://host:65536']],
    ['a TCP port without a number', ['scan', '--port', 'tcp://host']],
    ['an unknown dialect', ['info', '--port', 'emulator', '--dialect', 'v9']],
    ['a rate that is no number', ['info', '--port', 'emulator', '--baud', 'fast']],
    ['a channel beyond 14', ['scan', '--port', 'emulator', '--channel', '15']],
    ['no network to join', ['join', '--port', 'emulator']],
    ['no place to serve at', ['emulate']],
    ['two places to serve at', ['emulate', '--tcp', '0', '--pty', '/tmp/x']],
    ['a release that does not speak the dialect', ['emulate', '--tcp', '0', '--firmware', '4.1.0', '--dialect', 'v2']],
    ['an unknown release', ['emulate', '--tcp', '0', '--firmware', '9.0.0']],
    ['a piece of no bytes', ['decode', '--chunk', '0']],
    ['too many files', ['decode', 'a', 'b']],
  ])('ends with 2 for %s, and says why on standard error only', async (_, args) => {
    const { code, out, err } = await esp(args);
    expect({ code, out }).toEqual({ code: 2, out: '' });
    expect(err.length).toBeGreaterThan(0);
  });

  it('helps on standard output: every command with what it does', async () => {
    const { code, out, err } = await esp(['--help']);
    expect({ code, err }).toEqual({ code: 0, err: '' });
    for (const name of ['info', 'scan', 'join', 'term', 'emulate', 'commands', 'decode']) expect(out).toMatch(new RegExp(`^  ${name} .*[a-z]{4}`, 'm'));
    expect(out).toContain('Exit codes');
  });

  it('tells its version', async () => {
    expect(await esp(['--version'])).toMatchObject({ code: 0, out: '0.1.0\n' });
  });

  it.each([
    ['a serial device', '/dev/there-is-no-such-port'],
    ['a TCP port where nobody listens', 'tcp://127.0.0.1:1'],
  ])('ends with 66 for %s that is missing, and names it', async (_, port) => {
    const { code, out, err } = await esp(['info', '--port', port]);
    expect({ code, out }).toEqual({ code: 66, out: '' });
    expect(err).toContain(port.replace('tcp://', ''));
    expect(err.trimEnd().split('\n')).toHaveLength(1);
  });
});
