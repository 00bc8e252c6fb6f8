import { conversation } from '../../examples/bluetooth.js';
import { bleWorld, clientMac, dialects, serverMac } from '../features/bleHarness.js';
import { observed } from '../support/joinedModule.js';
import { runProgram } from '../support/runProgram.js';

describe.each(dialects)('examples/bluetooth.ts with %s', (firmware) => {
  it('goes through the example of document 000 §6 step by step', () => {
    const world = bleWorld(firmware);
    const server = world.module({ bleMac: serverMac });
    const client = world.module({ bleMac: clientMac, seed: 2 });
    const told = observed(conversation(server.at, client.at));
    world.run(20_000);
    expect([told.completed, told.error, told.values]).toEqual([
      true,
      undefined,
      [
        `the client is connected to ${serverMac}`,
        'the client finds 1:1801(1) 2:1800(3) 3:A002(7)',
        'the client reads 0',
        'the server has "\\r\\n" in C302',
        'the client is notified of abc',
        'the client is indicated 123',
      ],
    ]);
    // Its lines; what stands there of sizes are payloads.
    expect(server.sent).toEqual([
      'AT+BLEINIT=2', 'AT+BLEADDR?', 'AT+BLEGATTSSRVCRE', 'AT+BLEGATTSSRVSTART', 'AT+BLEGATTSSRV?', 'AT+BLEGATTSCHAR?',
      'AT+BLEADVPARAM=32,64,0,0,7', 'AT+BLEADVDATA="02010606094553503332"', 'AT+BLEADVSTART',
      'AT+BLEGATTSNTFY=0,1,6,3', '<3 bytes>', 'AT+BLEGATTSIND=0,1,7,3', '<3 bytes>', 'AT+BLEINIT=0',
    ]);
    expect(client.sent.filter((line) => !line.startsWith('AT+BLEGATTCINCLSRV') && !line.startsWith('AT+BLEGATTCCHAR'))).toEqual([
      'AT+BLEINIT=1', 'AT+BLESCAN=1', 'AT+BLECONN?', 'AT+BLESCAN=0', `AT+BLECONN=0,"${serverMac}",,30`, 'AT+BLEGATTCPRIMSRV=0', 'AT+BLEGATTCRD=0,3,1',
      'AT+BLEGATTCWR=0,3,3,,2', '<2 bytes>',
      // Notifications on and off, indications on and off.
      ...Array.from({ length: 2 }, () => ['AT+BLEGATTCWR=0,3,6,1,2', '<2 bytes>']).flat(),
      ...Array.from({ length: 2 }, () => ['AT+BLEGATTCWR=0,3,7,1,2', '<2 bytes>']).flat(),
      'AT+BLEDISCONN=0', 'AT+BLEINIT=0',
    ]);
    expect([...server.violations, ...client.violations]).toEqual([]);
  });
});

describe('examples/bluetooth.ts as a program', () => {
  it('tells the same of both dialects, and ends by itself', async () => {
    const { stdout, stderr } = await runProgram({ file: 'examples/bluetooth.ts' }, 'cjs');
    const lines = stdout.trim().split('\n');
    expect([stderr, lines.length, lines[0], lines[7]]).toEqual(['', 14, 'AT 2.1.0', 'AT 4.1.0']);
    expect(lines.slice(8)).toEqual(lines.slice(1, 7));
    expect(lines[6]).toBe('the client is indicated 123');
  }, 40_000);
});
