/** A key shared with another module. */
export interface Bond {
  readonly address: string;
  /** Somebody compared or typed in something: nobody stood in between. */
  readonly authenticated: boolean;
}

/** Settings of classic Bluetooth that outlive a restart: the name with AT+SYSSTORE=1, bonds always. */
export interface BtSettings { btName: string; btBonds: readonly Bond[] }

/** What they are in a new module: document 000 §8.2. */
export const factoryBt = (): BtSettings => ({ btName: 'ESP32_AT', btBonds: [] });
