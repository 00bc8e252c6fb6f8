import { Observable, type Subscription } from 'rxjs';
import type { Board } from '../board.js';
import { textOf, utf8 } from '../format.js';
import type { MqttClientPort, MqttEvent, MqttMessage, MqttQos, MqttSession } from '../network/mqttClient.js';
import { connectOptions, defaultSettings, type MqttSettings, type MqttTarget, type MqttUser } from './mqttSettings.js';

/** The client's buffer: a message that does not fit comes in pieces. */
const bufferSize = 1024;
/** A client that reconnects waits so long. */
const retryAfter = 10_000;
/** The command that could not connect answers so much later. */
const refusalTakes = 5000;

/** The bytes of an MQTT length. */
const lengthBytes = (value: number): number => (value < 0x80 ? 1 : value < 0x4000 ? 2 : value < 0x200000 ? 3 : 4);

/** The module's MQTT client, link 0: its states, its subscriptions, and what it prints by itself. */
export class MqttClient {
  user: MqttUser | undefined;
  private settings: MqttSettings | undefined;
  private session: MqttSession | undefined;
  private line: Subscription | undefined;
  private retry: Subscription | undefined;
  private target: MqttTarget | undefined;
  private wasSubscribed = false;
  /** Topic filters in the order they were subscribed, byte-characters. */
  readonly subscriptions = new Map<string, MqttQos>();

  constructor(
    private readonly board: Board,
    private readonly port: MqttClientPort,
    private readonly reachable: () => boolean,
    lost: Observable<void>,
  ) {
    board.follow(lost, () => {
      if (this.session) this.gone();
    });
  }

  /** As AT+MQTTCONN? shows it: 0 nothing, 1 and 2 configured, 3 disconnected, 4 connected, 5 no subscription left, 6 subscribed. */
  get state(): number {
    if (this.user === undefined) return 0;
    if (this.session) return this.subscriptions.size > 0 ? 6 : this.wasSubscribed ? 5 : 4;
    if (this.target) return 3;
    return this.settings ? 2 : 1;
  }

  get connected(): MqttSession | undefined {
    return this.session;
  }

  get connection(): MqttTarget | undefined {
    return this.target;
  }

  get configuration(): MqttSettings | undefined {
    return this.settings;
  }

  /** AT+MQTTCONNCFG. */
  configure(settings: MqttSettings): void {
    this.settings = settings;
  }

  /** AT+MQTTCONN: emits whether it came about, and completes. */
  connect(target: MqttTarget, patience: number): Observable<boolean> {
    return new Observable((subscriber) => {
      this.target = target;
      const end = (done: boolean): void => {
        subscriber.next(done);
        subscriber.complete();
      };
      const waiting = this.board.after(patience, () => {
        this.line?.unsubscribe();
        this.sayGone();
        this.retryLater();
        end(false);
      });
      this.open(
        () => {
          waiting.unsubscribe();
          end(true);
        },
        () => {
          waiting.unsubscribe();
          this.sayGone();
          this.retryLater();
          this.board.after(refusalTakes, () => end(false));
        },
      );
    });
  }

  /** The broker took a subscription. */
  subscribed(filter: string, qos: MqttQos): void {
    this.subscriptions.set(filter, qos);
    this.wasSubscribed = true;
  }

  unsubscribed(filter: string): void {
    this.subscriptions.delete(filter);
  }

  /** AT+MQTTCLEAN: says goodbye and forgets everything; nothing is printed. */
  clean(): void {
    const session = this.session;
    this.session = undefined;
    this.retry?.unsubscribe();
    session?.end();
    this.line?.unsubscribe();
    this.user = undefined;
    this.settings = undefined;
    this.target = undefined;
    this.wasSubscribed = false;
    this.subscriptions.clear();
  }

  private open(up: () => void, failed: () => void): void {
    const { user, target } = this;
    if (!user || !target) return;
    if (!this.reachable()) return failed();
    const events: Observable<MqttEvent> = this.port.connect(connectOptions(user, this.settings ?? defaultSettings, target));
    let came = false;
    const end = (): void => {
      if (!came) failed();
      else if (this.session) this.gone();
    };
    this.line = this.board.keep(
      events.subscribe({
        next: (event) => {
          if (event.kind === 'message') return this.show(event.message);
          came = true;
          this.session = event.session;
          this.board.print(`+MQTTCONNECTED:0,${user.scheme},"${target.host}","${target.port}","${user.path}",${target.reconnect}\r\n`);
          for (const [filter, qos] of this.subscriptions) this.again(event.session, filter, qos);
          up();
        },
        error: end,
        complete: end,
      }),
    );
  }

  /** A reconnected client subscribes again by itself. What fails now fails with the connection. */
  private again(session: MqttSession, filter: string, qos: MqttQos): void {
    this.board.keep(session.subscribe(filter, qos).subscribe({ error: () => undefined }));
  }

  /** The connection ended. */
  private gone(): void {
    this.session = undefined;
    this.line?.unsubscribe();
    this.sayGone();
    this.retryLater();
  }

  private sayGone(): void {
    this.board.print('+MQTTDISCONNECTED:0\r\n');
  }

  /** Attempts that fail say nothing more. */
  private retryLater(): void {
    if (this.target?.reconnect !== 1) return;
    this.retry?.unsubscribe();
    this.retry = this.board.after(retryAfter, () => this.open(() => undefined, () => this.retryLater()));
  }

  private show({ topic, payload, qos }: MqttMessage): void {
    const name = utf8(topic);
    const variable = 2 + name.length + (qos > 0 ? 2 : 0);
    // The first piece shares the buffer with the packet's header (4.1: 1014 bytes of a message to a topic of three with QoS 1).
    let room = bufferSize - 1 - lengthBytes(variable + payload.length) - variable;
    let at = 0;
    do {
      const piece = payload.subarray(at, at + room);
      this.board.print(`+MQTTSUBRECV:0,"${name}",${piece.length},${textOf(piece)}\r\n`);
      at += piece.length;
      room = bufferSize;
    } while (at < payload.length);
  }
}
