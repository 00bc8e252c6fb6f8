import type { Observer, SchedulerLike } from 'rxjs';
import type { Call } from '../dialects/capabilities.js';
import type { DialectName } from '../dialects/dialect.js';
import type { TraceEntry } from '../exchange/request.js';

/** How a module is opened, set up and watched. */
export interface ModuleConfig {
  /** Default `auto`: chosen from AT+GMR. */
  readonly dialect?: DialectName | 'auto';
  /** Multiple connections (AT+CIPMUX). Default true. */
  readonly multiple?: boolean;
  /** Received data carries its sender (AT+CIPDINFO). Default false. */
  readonly showSenders?: boolean;
  /** Value of AT+SYSMSG, 0 to 7; default the dialect's. */
  readonly systemMessages?: number;
  /**
   * RTS/CTS on both ends, set after every start of the module: AT+UART_CUR there, the transport's own setting here (`serialport` with `rtscts: true`).
   * The host's CTS is looked at where the port can be asked. `unsupported`/`flow-control` where the transport has it not or the lines do not follow.
   * Default false: the module's own setting stays.
   */
  readonly flowControl?: boolean;
  /** Commands run after every start of the module: what must hold again after a restart. */
  readonly recipe?: readonly Call[];
  /** Every timer of the module runs here. Default `asyncScheduler`. */
  readonly scheduler?: SchedulerLike;
  /** Follows the line from its first byte, the prologue included; `module.trace` begins only once the module is open. */
  readonly trace?: Partial<Observer<TraceEntry>>;
}
