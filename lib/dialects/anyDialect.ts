import type { Line } from '../codec/line.js';
import { counted, oneOf, variant, type Counted } from '../command/index.js';
import * as http from '../commands/http.js';
import * as tcpip from '../commands/tcpip.js';
import * as wifi from '../commands/wifi.js';
import * as events from '../events/events.js';
import { blanked } from './blanked.js';
import { derive } from './dialect.js';
import { without } from './limited.js';
import { receivedByNonos } from './nonos.js';
import { failing } from './nonos/failing.js';
import { pingNonos } from './nonos/pingNonos.js';
import { v4 } from './v4.js';

const [received] = tcpip.receive.response.lines as readonly [Line<Counted<{ readonly length: number }>>];

/** What a line may say before its firmware is known: the newest base and every shape that others have for the same thing. */
export const anyDialect = derive(v4, {
  name: 'v4',
  replace: [
    variant(tcpip.receive, { response: oneOf(received, ...counted(receivedByNonos).lines) }),
    failing(without(wifi.join, 'reconnect')),
    pingNonos,
    // The blank of 2.1 to 2.3: body chunks that begin with one are read wrong only until AT+GMR has answered.
    blanked(http.request),
    blanked(http.requestWithData),
  ],
  addEvents: [events.busySending, events.connectFailed, events.errorNumber],
});
