import type { Observable } from 'rxjs';
import { Bluetooth } from '../ble/bluetooth.js';
import type { Radio } from '../ble/radio.js';
import type { Board } from '../board.js';
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
}

/** What the applications ask of the module around them. */
export interface ApplicationHost extends Board {
  readonly reachable: boolean;
}

/** The module's own application protocols and its flash, made anew at each boot; what the flash holds outlives them. */
export class Applications {
  readonly mqtt: MqttClient;
  readonly http: HttpClient;
  readonly partitions: Partitions;
  readonly files: FileSystem;
  readonly bluetooth: Bluetooth;

  constructor(host: ApplicationHost, ports: ApplicationPorts, lost: Observable<void>) {
    const reachable = (): boolean => host.reachable;
    this.mqtt = new MqttClient(host, ports.mqtt, reachable, lost);
    this.http = new HttpClient(host, ports.http, reachable);
    this.partitions = new Partitions(ports.flash, host.profile.partitions);
    this.bluetooth = new Bluetooth(host, ports.radio);
    this.files = new FileSystem(ports.flash, this.partitions.fileSystemSize);
  }
}
