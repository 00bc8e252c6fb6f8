import type { NvsStore } from 'rx-esp-at/emulator';
import { Bench, ERROR, OK } from './bench.js';

const write = (bench: Bench, command: string, data: string): string => {
  expect(bench.command(command)).toBe('>');
  return bench.send(data);
};

describe('AT+SYSFLASH', () => {
  test('erased flash reads as ones; writing clears bits only; erasing sets them again', () => {
    const bench = new Bench({ firmware: '2.1.0' });
    const read = (): string => bench.command('AT+SYSFLASH=2,"client_ca",4094,4');
    expect(read()).toBe('+SYSFLASH:4,\xff\xff\xff\xff\r\nOK\r\n');
    // Across the border of two sectors.
    expect(write(bench, 'AT+SYSFLASH=1,"client_ca",4094,4', '\0\r\nA')).toBe(OK);
    expect(read()).toBe('+SYSFLASH:4,\0\r\nA\r\nOK\r\n');
    expect(write(bench, 'AT+SYSFLASH=1,"client_ca",4096,1', '\xf0')).toBe(OK);
    expect(read()).toBe('+SYSFLASH:4,\0\r\0A\r\nOK\r\n');
    expect(bench.command('AT+SYSFLASH=0,"client_ca",4096,4096')).toBe(OK);
    expect(read()).toBe('+SYSFLASH:4,\0\r\xff\xff\r\nOK\r\n');
    expect(bench.command('AT+SYSFLASH=0,"client_ca"')).toBe(OK);
    expect(read()).toBe('+SYSFLASH:4,\xff\xff\xff\xff\r\nOK\r\n');
  });

  test('a whole partition is as large as its row says', () => {
    const bench = new Bench();
    const heard = bench.command('AT+SYSFLASH=2,"mfg_nvs",16,8192');
    expect(heard).toBe(`+SYSFLASH:8192,${'\xff'.repeat(8192)}\r\nOK\r\n`);
  });

  test.each(['0,"nowhere"', '0,"mfg_nvs",1,4096', '0,"mfg_nvs",0,100', '0,"mfg_nvs",0', '1,"mfg_nvs",0,0', '1,"mfg_nvs",114688,1', '2,"mfg_nvs",114687,2', '3,"mfg_nvs",0,1', '2,"mfg_nvs"', '2,mfg_nvs,0,1'])(
    'AT+SYSFLASH=%s is an error',
    (parameters) => {
      expect(new Bench().command(`AT+SYSFLASH=${parameters}`)).toBe(ERROR);
    },
  );

  test('what was written outlives a power cycle and AT+RESTORE, and is plain data', () => {
    const store: NvsStore = {};
    const bench = new Bench({ store });
    write(bench, 'AT+SYSFLASH=1,"mfg_nvs",4096,3', 'abc');
    write(bench, 'AT+FS=0,1,"a.txt",0,5', 'hello');
    bench.command('AT+CWMODE=1');
    bench.command('AT+RESTORE', 1000);
    expect(bench.command('AT+CWMODE?')).toBe(`+CWMODE:2\r\n${OK}`);
    const again = new Bench({ store: JSON.parse(JSON.stringify(store)) as NvsStore });
    expect(again.command('AT+SYSFLASH=2,"mfg_nvs",4096,3')).toBe('+SYSFLASH:3,abc\r\nOK\r\n');
    expect(again.command('AT+FS=0,2,"a.txt",0,5')).toBe('+FS:5,hello\r\nOK\r\n');
  });
});

describe('AT+FS', () => {
  test('writes, reads, measures, lists and deletes', () => {
    const bench = new Bench();
    expect(bench.command('AT+FS=0,4,"."')).toBe(`+FS:\r\n${OK}`);
    expect(write(bench, 'AT+FS=0,1,"a.txt",0,5', '\0\r\n>\xff')).toBe(OK);
    expect(write(bench, 'AT+FS=0,1,"b.txt",3,2', 'hi')).toBe(OK);
    expect(write(bench, 'AT+FS=0,1,"A.TXT",4,2', 'xy')).toBe(OK);
    expect(bench.command('AT+FS=0,4,"/"')).toBe(`+FS:a.txt b.txt \r\n${OK}`);
    expect(bench.command('AT+FS=0,3,"a.txt"')).toBe(`+FS:6\r\n${OK}`);
    expect(bench.command('AT+FS=0,2,"a.txt",1,100')).toBe('+FS:5,\r\n>xy\r\nOK\r\n');
    // The gap in front is filled.
    expect(bench.command('AT+FS=0,2,"b.txt",0,5')).toBe('+FS:5,\0\0\0hi\r\nOK\r\n');
    expect(bench.command('AT+FS=0,2,"b.txt",9,5')).toBe('+FS:0,\r\nOK\r\n');
    expect(bench.command('AT+FS=0,0,"A.txt"')).toBe(OK);
    expect(bench.command('AT+FS=0,4,"."')).toBe(`+FS:b.txt \r\n${OK}`);
  });

  test.each(['0,0,"none"', '0,2,"none",0,1', '0,3,"none"', '1,4,"."', '0,5,"x"', '0,4,"sub"', '0,1,"a/b",0,1', '0,1,"what?",0,1', '0,1,"dot.",0,1', '0,1,"x",0', '0,1,"x",0,0', '0,1,x,0,1'])(
    'AT+FS=%s is an error',
    (parameters) => {
      expect(new Bench().command(`AT+FS=${parameters}`)).toBe(ERROR);
    },
  );

  test('a full disk shows when the data is written; deleting makes room', () => {
    const bench = new Bench();
    const chunk = 'x'.repeat(90_000);
    const fill = (name: string): string => write(bench, `AT+FS=0,1,"${name}",0,${chunk.length}`, chunk);
    // 0x50000 bytes hold 68 clusters beside the tables; 22 for each file.
    expect([fill('a'), fill('b'), fill('c')]).toEqual([OK, OK, OK]);
    expect(fill('d')).toBe(ERROR);
    expect(bench.command('AT+FS=0,3,"d"')).toBe(`+FS:${2 * 4096}\r\n${OK}`);
    bench.command('AT+FS=0,0,"a"');
    expect(fill('d')).toBe(OK);
    expect(write(bench, 'AT+FS=0,1,"e",2000000000,1', 'x')).toBe(ERROR);
  });

  test('a build without files does not know them, and mounting came with 3.2', () => {
    expect(new Bench().command('AT+FSMOUNT=0')).toBe(OK);
    const unknown = 'AT+SYSLOG=1';
    for (const [config, command] of [[{ without: ['fs'] }, 'AT+FS=0,4,"."'], [{ firmware: '2.1.0' }, 'AT+FSMOUNT=0']] as const) {
      const bench = new Bench(config);
      bench.command(unknown);
      expect(bench.command(command)).toBe(`ERR CODE:0x01090000\r\n${ERROR}`);
    }
  });
});
