import type { Observable } from 'rxjs';
import { type AdvertiseState, type AtModule, ble, type BluFiStage, type Duplex, type Hid, hidKeys, hidModifiers, type Peripheral, type ServerCharacteristic } from '../../lib/index.js';

declare const module: AtModule;
declare const peripheral: Peripheral;
declare const hid: Hid;
declare const value: ServerCharacteristic;

const served: Observable<Peripheral> = ble.peripheral(module, { name: 'lamp', address: { static: 'f8:7f:24:87:1c:7b' } });
const shown: Observable<AdvertiseState> = peripheral.advertise({ flags: ['general-discoverable'], name: 'lamp' }, { connections: 2 });
const told: Observable<never> = peripheral.notify(value, new Uint8Array(1), { connection: 0 });
const stream: Observable<Duplex> = ble.spp(module, { tx: { service: 1, index: 6 }, rx: value, queueLimit: 4096 });
const keyboard: Observable<Hid> = ble.hid(module);
const pressed: Observable<never> = hid.press([hidKeys.enter], hidModifiers.shift);
const provisioned: Observable<BluFiStage> = ble.bluFi(module, { name: 'lamp' });

// @ts-expect-error an address is public, private, or static with its bytes
ble.peripheral(module, { address: 'random' });
// @ts-expect-error a static address is named as one
ble.peripheral(module, { address: { random: 'f8:7f:24:87:1c:7b' } });
// @ts-expect-error a name is text
ble.peripheral(module, { name: 7 });
// @ts-expect-error the services are those that were flashed
ble.peripheral(module, { services: [] });
// @ts-expect-error no such flag
peripheral.advertise({ flags: ['discoverable'] });
// @ts-expect-error an advert has fields, or is bytes
peripheral.advertise('lamp');
// @ts-expect-error the firmware's own advert names a service
peripheral.advertise({ byModule: { name: 'lamp' } });
// @ts-expect-error a value is bytes, not text
peripheral.notify(value, 'on');
// @ts-expect-error who is told is a connection's number, not an address
peripheral.indicate(value, new Uint8Array(1), { connection: '24:0a:c4:d6:e4:46' });
// @ts-expect-error a value is set of a characteristic, not of a UUID
peripheral.setValue('C305', new Uint8Array(1));
// @ts-expect-error a characteristic is of a service
peripheral.characteristic('C305');
// @ts-expect-error a stream has two characteristics
ble.spp(module, { tx: { service: 1, index: 6 } });
// @ts-expect-error a place is of a service
ble.spp(module, { tx: { index: 6 }, rx: { service: 1, index: 4 } });
// @ts-expect-error a place has numbers, no UUIDs
ble.spp(module, { tx: { service: 'A002', index: 'C305' }, rx: { service: 1, index: 4 } });
// @ts-expect-error a raw stream holds its port: there is no policy to choose
ble.spp(module, { tx: { service: 1, index: 6 }, rx: { service: 1, index: 4 }, overflow: 'drop-oldest' });
// @ts-expect-error the device has nothing to configure
ble.hid(module, { name: 'keyboard' });
// @ts-expect-error keys are a list
hid.press(hidKeys.enter);
// @ts-expect-error text is typed, not pressed
hid.press(['a']);
// @ts-expect-error modifiers are bits
hid.press([hidKeys.enter], 'shift');
// @ts-expect-error a movement has axes
hid.move({ dx: 10 });
// @ts-expect-error buttons are bits
hid.click('left');
// @ts-expect-error a consumer key is a usage, not a name
hid.consumer('volumeUp');
// @ts-expect-error a device name is text
ble.bluFi(module, { name: 1 });
// @ts-expect-error what a phone gets is bytes
ble.bluFiSend(module, 'hello');

export { keyboard, pressed, provisioned, served, shown, stream, told };
