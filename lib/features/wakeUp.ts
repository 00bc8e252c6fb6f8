import { defer, ignoreElements, type Observable } from 'rxjs';
import * as basic from '../commands/basic.js';
import type { AtModule } from '../module/atModule.js';

/** What ends light sleep: a time in ms, bytes on a UART (0 to 2, ESP32), or the level of a GPIO (0 to 48). */
export type WakeUpSource =
  | { readonly source: 'timer'; readonly time: number }
  | { readonly source: 'uart'; readonly uart: number }
  | { readonly source: 'gpio'; readonly gpio: number; readonly level: 'low' | 'high' };

const configure = (module: AtModule, config: WakeUpSource): Observable<unknown> => {
  switch (config.source) {
    case 'timer':
      return module.exec(basic.wakeByTimer, { time: config.time });
    case 'uart':
      return module.exec(basic.wakeByUart, { uart: config.uart });
    case 'gpio':
      return module.exec(basic.wakeByGpio, { gpio: config.gpio, level: config.level });
  }
};

/**
 * Says what ends light sleep. Cold: on subscribe it sends AT+SLEEPWKCFG, emits nothing and completes when the module took it. Unsubscribing sends
 * nothing more. Errors: `usage`, `unsupported`, `command`. Document 000 §2.18.
 */
export const wakeUp = (module: AtModule, source: WakeUpSource): Observable<never> => defer(() => configure(module, source)).pipe(ignoreElements());
