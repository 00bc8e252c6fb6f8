import type { Observable } from 'rxjs';
import type { NetworkTaker } from '../ble/blufi.js';
import { Bluetooth } from '../ble/bluetooth.js';
import type { BluetoothHost } from '../ble/bluetoothHost.js';
import type { GattTableService } from '../ble/gattTable.js';
import type { Radio } from '../ble/radio.js';
import { Classic } from '../bt/classic.js';
import type { ClassicAir } from '../bt/classicAir.js';
import type { ClassicRadio } from '../bt/classicRadio.js';
import { musicOf } from '../bt/music.js';
import type { HttpClientPort } from '../network/httpClient.js';
import type { MqttClientPort } from '../network/mqttClient.js';
import type { NvsStore } from '../settings.js';
import { FileSystem } from './fileSystem.js';
import { HttpClient } from './httpClient.js';
import { MqttClient } from './mqttClient.js';
import { Partitions } from './partitions.js';

/** What the module's own application protocols stand on. */
export interface ApplicationPorts {
  readonly mqtt: MqttClientPort;
  readonly http: HttpClientPort;
  readonly flash: NvsStore;
  readonly radio: Radio;
  /** The flashed GATT services; the usual ones where there are none. */
  readonly gatt: readonly GattTableService[] | undefined;
  readonly classic: { readonly air: ClassicAir; readonly radio: ClassicRadio };
}

/** The module's own application protocols and its flash, made anew at each boot; what the flash holds outlives them. */
export class Applications {
  readonly mqtt: MqttClient;
  readonly http: HttpClient;
  readonly partitions: Partitions;
  readonly files: FileSystem;
  readonly bluetooth: Bluetooth;
  readonly classic: Classic;

  constructor(host: BluetoothHost, ports: ApplicationPorts, reachable: () => boolean, lost: Observable<void>, taker: NetworkTaker) {
    this.mqtt = new MqttClient(host, ports.mqtt, reachable, lost);
    this.http = new HttpClient(host, ports.http, reachable);
    this.partitions = new Partitions(ports.flash, host.profile.partitions);
    this.bluetooth = new Bluetooth(host, ports.radio, ports.gatt, taker);
    this.files = new FileSystem(ports.flash, this.partitions.fileSystemSize);
    this.classic = new Classic(host, ports.classic.air, ports.classic.radio, (url) => musicOf(url, this.files, this.http));
  }
}
