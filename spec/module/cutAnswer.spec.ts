import { concat, ignoreElements, materialize, mergeMap, toArray } from 'rxjs';
import { commands, openModule } from '../../lib/index.js';
import { virtualModule } from '../support/virtualModule.js';

describe.each(['2.1.0', '4.1.0'] as const)('an access point whose name holds lines, firmware %s', (firmware) => {
  it.each(['OK', 'ERROR', 'OK\r\n\r\nOK', 'x'])('what follows an answer cut by %j completes no other command', (cut) => {
    const { module: board, scheduler, run } = virtualModule({ emulator: { firmware, accessPoints: [{ ssid: `a\r\n${cut}\r\nb` }, { ssid: 'Lab' }] } });
    const told: string[] = [];
    let seen: readonly unknown[] = [];
    const life = openModule(board, { scheduler })
      .pipe(
        mergeMap((module) => {
          module.diagnostics.subscribe(({ kind }) => told.push(kind));
          const station = module.exec(commands.wifi.mode, { mode: 'station' }).pipe(ignoreElements());
          const mode = module.exec(commands.wifi.modeQuery).pipe(materialize());
          return concat(station, module.exec(commands.wifi.scan).pipe(materialize()), mode, mode).pipe(toArray());
        }),
      )
      .subscribe((all) => (seen = all));
    run(60_000);
    const answered = [{ kind: 'N', value: { mode: 'station' } }, { kind: 'C' }];
    expect(seen.slice(-5)).toMatchObject([{ kind: 'E', error: { kind: 'decode', code: 'line' } }, ...answered, ...answered]);
    expect(told.filter((kind) => kind !== 'late')).toEqual(['quarantine', 'synchronised']);
    life.unsubscribe();
    run();
  });
});
