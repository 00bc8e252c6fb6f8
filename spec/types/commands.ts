import type { Observable } from 'rxjs';
import { enumeration, fields, flag, int, line, optional, secret, text, uint } from '../../lib/codec/index.js';
import { command, counted, many, maybe, one, type Emits, type Parameters } from '../../lib/command/index.js';
import type { AtModule, AtEvent } from '../../lib/index.js';
import { event, ofEvent } from '../../lib/command/index.js';

declare const module: AtModule;
const about = { doc: 'for the compiler', source: 'none' };
const bare = command({ name: 'AT', form: 'execute', ...about });
const set = command({
  name: 'AT+SET', form: 'set', ...about,
  params: fields({ ssid: text(), mode: enumeration({ off: 0, station: 1 }), password: secret(text()), channel: optional(int(1, 14)), hidden: optional(flag) }),
});
const loose = command({ name: 'AT+LOOSE', form: 'set', params: fields({ channel: optional(int(1, 14)) }), ...about });
const row = line('+ROW:', fields({ name: text(), size: uint, extra: optional(uint) }));
const single = command({ name: 'AT+ONE', form: 'query', response: one(row), ...about });
const perhaps = command({ name: 'AT+MAYBE', form: 'query', response: maybe(row), ...about });
const list = command({ name: 'AT+LIST', form: 'query', response: many(row), ...about });
const stream = command({ name: 'AT+LIST', form: 'execute', response: many(row), result: 'stream', ...about });
const data = command({ name: 'AT+DATA', form: 'query', response: counted(row), ...about });
const send = command({ name: 'AT+SEND', form: 'set', params: fields({ length: int(1, 8192) }), length: 'length', phase: 'prompt', ...about });

// Results follow from the declaration.
const nothing: Observable<undefined> = module.exec(bare);
const value: Observable<{ readonly name: string; readonly size: number; readonly extra?: number | undefined }> = module.exec(single);
const absent: Observable<{ readonly size: number } | undefined> = module.exec(perhaps);
const rows: Observable<readonly { readonly size: number }[]> = module.exec(list);
const items: Observable<{ readonly size: number }> = module.exec(stream);
const bytes: Observable<{ readonly size: number; readonly payload: Uint8Array }> = module.exec(data);
const emitted: Emits<typeof stream> = { name: 'a', size: 1 };
const parameters: Parameters<typeof set> = { ssid: 'a', mode: 'off', password: '' };

module.exec(bare, {});
module.exec(loose);
module.exec(loose, { channel: 3 });
module.exec(set, { ssid: 'a', mode: 'station', password: 'b', channel: 11, hidden: true });
module.exec(set, { ssid: 'a', mode: 'station', password: 'b', channel: undefined }, { lane: 'other' });
module.exec(send, { length: 1 }, { data: new Uint8Array(1) });
// Data is asked for when the command is subscribed to: whether it takes any is not part of its type.
module.exec(send, { length: 1 });

// @ts-expect-error the SSID is missing
module.exec(set, { mode: 'off', password: '' });
// @ts-expect-error every parameter is missing
module.exec(set);
// @ts-expect-error no such mode
module.exec(set, { ssid: 'a', mode: 'access point', password: '' });
// @ts-expect-error a channel is a number
module.exec(set, { ssid: 'a', mode: 'off', password: '', channel: '11' });
// @ts-expect-error a flag is a boolean, not what stands on the wire
module.exec(set, { ssid: 'a', mode: 'off', password: '', hidden: 1 });
// @ts-expect-error there is no such parameter
module.exec(set, { ssid: 'a', mode: 'off', password: '', chanel: 11 });
// @ts-expect-error nothing is to be given
module.exec(bare, { enable: true });
// @ts-expect-error a payload is bytes, not text
module.exec(send, { length: 1 }, { data: 'x' });
// @ts-expect-error there is no such option
module.exec(bare, {}, { timeout: 5 });
// @ts-expect-error a name is text
const wrong: Observable<{ readonly name: number }> = module.exec(single);
// @ts-expect-error there may be no answer
const sure: Observable<{ readonly size: number }> = module.exec(perhaps);
// @ts-expect-error rows come as one list
const one_by_one: Observable<{ readonly size: number }> = module.exec(list);
// @ts-expect-error a line without a payload has none
const payload: Observable<{ readonly payload: Uint8Array }> = module.exec(single);
// @ts-expect-error the length is a parameter of the command
command({ name: 'AT+SEND', form: 'set', params: fields({ size: uint }), length: 'length', ...about });
// @ts-expect-error a declaration tells where it is written
command({ name: 'AT', form: 'execute', doc: '' });
// @ts-expect-error there are five forms
command({ name: 'AT', form: 'ask', ...about });
// @ts-expect-error the counted field is a field of the line
line('+ROW:', fields({ size: uint }), { counted: 'length' });

const happened = event({ line: row, ...about });
declare const events: Observable<AtEvent>;
const sizes: Observable<AtEvent<{ readonly size: number }>> = events.pipe(ofEvent(happened));
// @ts-expect-error the event has no such field
const colours: Observable<AtEvent<{ readonly colour: number }>> = events.pipe(ofEvent(happened));

export { absent, bytes, colours, emitted, items, nothing, one_by_one, parameters, payload, rows, sizes, sure, value, wrong };
