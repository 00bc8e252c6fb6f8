import { anyInt, enumeration, fields, int, line } from '../../codec/index.js';
import { one, query, setting } from '../../command/index.js';

const settings = {
  baud: int(80, 5000000),
  dataBits: enumeration({ five: 5, six: 6, seven: 7, eight: 8 }),
  stopBits: enumeration({ one: 1, 'one and a half': 2, two: 3 }),
  parity: enumeration({ none: 0, odd: 1, even: 2 }),
  flowControl: enumeration({ none: 0, rts: 1, cts: 2, both: 3 }),
};
const answer = { ...settings, baud: anyInt };

/** Document 000 §2.7. OK comes at the old rate, then the port switches. Not stored. */
export const uart = setting('AT+UART_CUR', fields(settings), { doc: 'Sets the UART until the next start.', source: 'document 000 §2.7' });

/** Document 000 §2.7. The rate is the divided clock: 115200 reads 115201. */
export const uartQuery = query('AT+UART_CUR', one(line('+UART_CUR:', fields(answer))), { doc: 'The UART settings in force.', source: 'document 000 §2.7' });

/** Document 000 §2.8. Always stored; OK comes at the old rate, then the port switches. */
export const uartDefault = setting('AT+UART_DEF', fields(settings), { doc: 'Sets and stores the UART.', source: 'document 000 §2.8' });

/** Document 000 §2.8. */
export const uartDefaultQuery = query('AT+UART_DEF', one(line('+UART_DEF:', fields(answer))), { doc: 'The stored UART settings.', source: 'document 000 §2.8' });
