import type { Observable } from 'rxjs';
import { type AtModule, ble, type BleConnection, type Central, type GattCharacteristic, type GattTree, type PairingStep } from '../../lib/index.js';

declare const module: AtModule;
declare const tree: GattTree;
declare const connection: BleConnection;
declare const step: PairingStep;
declare const any: GattCharacteristic;
declare const readable: GattCharacteristic<'read'>;
declare const bold: GattCharacteristic<'write-without-response' | 'notify'>;

const central: Observable<Central> = ble.central(module);
const found: Observable<GattCharacteristic<'read' | 'indicate'>> = tree.characteristic('A002', 'C300', 'read', 'indicate');
const value: Observable<Uint8Array> = readable.read();
const written: Observable<never> = bold.write(new Uint8Array(1));
const told: Observable<Uint8Array> = bold.notifications({ queueLimit: 8, overflow: 'drop-oldest' });
// What it allows decides about what can be done with it.
const narrowed = any.allows('write') ? any.write(new Uint8Array(1)) : undefined;
const answered = step.step === 'enter' ? step.reply('123456') : step.step === 'request' ? step.reply(true) : undefined;

// @ts-expect-error what it allows was not asked
export type NotAsked = GattCharacteristic['read'];
// @ts-expect-error it can be read only
export type ReadOnly = (typeof readable)['write'];
// @ts-expect-error it cannot be read
export type WriteOnly = (typeof bold)['read'];
// @ts-expect-error it notifies, it does not indicate
export type Notifies = (typeof bold)['indications'];
// @ts-expect-error there is no such property
tree.characteristic('A002', 'C300', 'subscribe');
// @ts-expect-error more was not asked for
const more: Observable<GattCharacteristic<'write'>> = tree.characteristic('A002', 'C300', 'read');
// @ts-expect-error a value is bytes, not text
bold.write('x');
// @ts-expect-error there are three policies
bold.notifications({ overflow: 'block' });
// @ts-expect-error not every step has an answer
export type Answer = PairingStep['reply'];
// @ts-expect-error a passkey is text: leading zeros count
const number = step.step === 'enter' ? step.reply(123456) : undefined;
// @ts-expect-error a shown passkey is a secret, not text
const text: string | undefined = step.step === 'show' ? step.passkey : undefined;
// @ts-expect-error no such level
connection.pair({ level: 'mitm' });
// @ts-expect-error a connection is to an address
ble.central(module).subscribe((one) => one.connect());

export { answered, central, found, more, narrowed, number, text, told, value, written };
