import type { Observable } from 'rxjs';
import { type A2dpSinkConnection, type A2dpSource, type A2dpSourceConnection, type AtModule, bt, type BtDevice, type BtPairingStep, type DeviceMajorClass, type SppSocket } from '../../lib/index.js';

declare const module: AtModule;
declare const source: A2dpSourceConnection;
declare const sink: A2dpSinkConnection;
declare const step: BtPairingStep;
declare const device: BtDevice;

const heard: Observable<BtDevice> = bt.discover(module, { duration: 5000, mode: 'limited' });
const line: Observable<SppSocket> = bt.spp.connect(module, { address: '24:0a:c4:d6:e4:46', security: 'encrypt', raw: true });
const player: Observable<A2dpSource> = bt.a2dp.source(module, { visibility: 'connectable' });
const song: Observable<never> = source.play('flash://spiffs/song.mp3');
const pressed: Observable<never> = sink.fastForward();
const answered = step.step === 'pin' ? step.reply('9527') : step.step === 'compare' ? step.reply(true) : undefined;
const kind: DeviceMajorClass | undefined = device.deviceClass?.major;

// @ts-expect-error a source has no buttons
export type Forward = A2dpSourceConnection['forward'];
// @ts-expect-error a sink cannot suspend
export type Pause = A2dpSinkConnection['pause'];
// @ts-expect-error a sink does not choose what is played
sink.play('flash://spiffs/song.mp3');
// @ts-expect-error a connection is to somebody
bt.spp.connect(module, {});
// @ts-expect-error a slave is connected to, whoever it is
bt.spp.listen(module, { address: '24:0a:c4:d6:e4:46' });
// @ts-expect-error no such security
bt.spp.connect(module, { address: '24:0a:c4:d6:e4:46', security: 'strong' });
// @ts-expect-error there are two policies
bt.spp.listen(module, { overflow: 'drop-oldest' });
// @ts-expect-error no such visibility
bt.radio(module, { visibility: 'visible' });
// @ts-expect-error no such major class
bt.deviceClass(module, { major: 'lamp' });
// @ts-expect-error a PIN is text: leading zeros count
bt.radio(module, { security: { capability: 'no-input-no-output', pin: 9527 } });
// @ts-expect-error a device may be nameless
const name: string = device.name;
// @ts-expect-error not every step has an answer
export type Answer = BtPairingStep['reply'];
// @ts-expect-error a shown passkey is a secret, not text
const text: string | undefined = step.step === 'show' ? step.passkey : undefined;
// @ts-expect-error classic Bluetooth has no such step
const request: boolean = step.step === 'request';

export { answered, heard, kind, line, name, player, pressed, request, song, text };
