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
// @ts-expect-error an address is text
bt.spp.connect(module, { address: 0x240ac4d6e446 });
// @ts-expect-error a master has no visibility of its own: that is `bt.radio`
bt.spp.connect(module, { address: '24:0a:c4:d6:e4:46', visibility: 'connectable' });
// @ts-expect-error what a connection is protected by is the master's choice
bt.spp.listen(module, { security: 'encrypt' });
// @ts-expect-error raw is a switch
bt.spp.listen(module, { raw: 'yes' });
// @ts-expect-error a limit is a number of bytes
bt.spp.connect(module, { address: '24:0a:c4:d6:e4:46', queueLimit: '64k' });
// @ts-expect-error an inquiry is general or limited
bt.discover(module, { mode: 'all' });
// @ts-expect-error a duration is in ms
bt.discover(module, { duration: '10 s' });
// @ts-expect-error a name is text
bt.name(module, 12);
// @ts-expect-error no such visibility
bt.visibility(module, 'visible');
// @ts-expect-error a class has a major one
bt.deviceClass(module, { minor: 'printer' });
// @ts-expect-error no such service class
bt.deviceClass(module, { major: 'imaging', services: ['printing'] });
// @ts-expect-error no such capability
bt.security.parameters(module, { capability: 'keyboard' });
// @ts-expect-error a PIN alone says nothing of what people can do
bt.security.parameters(module, { pin: '9527' });
// @ts-expect-error one peer is forgotten by its address
bt.security.forget(module);
// @ts-expect-error a role takes settings, no address: that is for its `connect`
bt.a2dp.source(module, { address: '24:0a:c4:d6:e4:46' });
// @ts-expect-error a source goes on by `play`
export type Resume = A2dpSourceConnection['resume'];
// @ts-expect-error a URL is text
source.play(new Uint8Array(1));
// @ts-expect-error a device may be nameless
const name: string = device.name;
// @ts-expect-error not every step has an answer
export type Answer = BtPairingStep['reply'];
// @ts-expect-error a shown passkey is a secret, not text
const text: string | undefined = step.step === 'show' ? step.passkey : undefined;
// @ts-expect-error classic Bluetooth has no such step
const request: boolean = step.step === 'request';

export { answered, heard, kind, line, name, player, pressed, request, song, text };
