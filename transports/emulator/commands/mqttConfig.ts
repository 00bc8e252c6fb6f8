import { of } from 'rxjs';
import { ok } from '../outcome.js';
import type { Call, Handler, Row } from '../device.js';
import { textOf } from '../format.js';
import type { MqttUser } from '../applications/mqttSettings.js';
import { collect } from '../tcpip/collect.js';
import { mqttCounted, mqttError, readInt, readLink, readQos, readText, refuse, topicLimit, type ParameterCodes } from './mqttShared.js';

/** The queries that 3.x dropped. */
const last = 21;

/** AT+MQTTUSERCFG was given and AT+MQTTCONNCFG not yet. */
const fresh = ({ device }: Call): MqttUser => {
  const { user, state } = device.applications.mqtt;
  if (user === undefined) return refuse(mqttError.noConfigured);
  return state === 1 ? user : refuse(mqttError.notInConfigured);
};

type Field = 'clientId' | 'username' | 'password';

/** AT+MQTTCLIENTID, AT+MQTTUSERNAME, AT+MQTTPASSWORD and, with a prompt, their long forms. */
const field = (key: Field, name: string, codes: ParameterCodes): readonly Row[] => {
  const change = (call: Call, value: string): void => {
    call.device.applications.mqtt.user = { ...fresh(call), [key]: value };
  };
  return [
    {
      name: `+MQTT${name}`, group: 'mqtt',
      query: {
        until: last,
        run: (call) => {
          call.print(`${call.name}:0,"${call.device.applications.mqtt.user?.[key] ?? ''}"\r\n`);
          return ok();
        },
      },
      set: (call) => {
        mqttCounted(call, 2);
        readLink(call);
        fresh(call);
        change(call, readText(call, 1, codes, 256));
        return ok();
      },
    },
    {
      name: `+MQTTLONG${name}`, group: 'mqtt', since: 24,
      set: (call) => {
        mqttCounted(call, 2);
        readLink(call);
        fresh(call);
        const length = readInt(call, 1, codes, { min: 1, max: 1024 });
        const phase = collect(call.device, length, (bytes) => {
          change(call, textOf(bytes));
          return of(ok());
        });
        return { kind: 'prompt', ...phase };
      },
    },
  ];
};

const setUser: Handler = (call) => {
  const { mqtt } = call.device.applications;
  mqttCounted(call, 8);
  readLink(call);
  if (mqtt.state > 1) refuse(mqttError.notInConfigured);
  const user: MqttUser = {
    scheme: readInt(call, 1, mqttError.scheme, { min: 1, max: 10 }),
    clientId: readText(call, 2, mqttError.clientId, 256),
    username: readText(call, 3, mqttError.username, 64),
    password: readText(call, 4, mqttError.password, 64),
    path: '',
  };
  // One set of certificates is in the module.
  readInt(call, 5, mqttError.certificate, { max: 0 });
  readInt(call, 6, mqttError.ca, { max: 0 });
  mqtt.user = { ...user, path: readText(call, 7, mqttError.path, 32) };
  return ok();
};

const setConnection: Handler = (call) => {
  const { mqtt } = call.device.applications;
  mqttCounted(call, 7);
  readLink(call);
  if (mqtt.user === undefined) refuse(mqttError.noConfigured);
  if (mqtt.state > 2) refuse(mqttError.notInConfigured);
  const keepAlive = readInt(call, 1, mqttError.keepAlive, { max: 7200 });
  mqtt.configure({
    keepAlive: keepAlive || 120,
    keepSession: readInt(call, 2, mqttError.session),
    willTopic: readText(call, 3, mqttError.willTopic, topicLimit(call)),
    willMessage: readText(call, 4, mqttError.willMessage, topicLimit(call)),
    willQos: readQos(call, 5, mqttError.willQos),
    willRetain: readInt(call, 6, mqttError.willRetain),
  });
  return ok();
};

export const mqttConfiguring: readonly Row[] = [
  {
    name: '+MQTTUSERCFG', group: 'mqtt',
    query: {
      until: last,
      run: ({ device, name, print }) => {
        const { scheme, clientId, username, password, path } = device.applications.mqtt.user ?? { scheme: 0, clientId: '', username: '', password: '', path: '' };
        print(`${name}:0,${scheme},"${clientId}","${username}","${password}",0,0,"${path}"\r\n`);
        return ok();
      },
    },
    set: setUser,
  },
  ...field('clientId', 'CLIENTID', mqttError.clientId),
  ...field('username', 'USERNAME', mqttError.username),
  ...field('password', 'PASSWORD', mqttError.password),
  {
    name: '+MQTTCONNCFG', group: 'mqtt',
    query: {
      until: last,
      run: ({ device, name, print }) => {
        const shown = device.applications.mqtt.configuration;
        if (shown === undefined) print(`${name}:0,0,0,"","",0,0\r\n`);
        else print(`${name}:0,${shown.keepAlive},${shown.keepSession},"${shown.willTopic}","${shown.willMessage}",${shown.willQos},${shown.willRetain}\r\n`);
        return ok();
      },
    },
    set: setConnection,
  },
  {
    name: '+MQTTSNI', group: 'mqtt', since: 24,
    set: (call) => {
      mqttCounted(call, 2);
      readLink(call);
      call.device.applications.mqtt.user = { ...fresh(call), serverName: call.args.text(1, { min: 1, max: 64 }) };
      return ok();
    },
  },
  {
    name: '+MQTTALPN', group: 'mqtt', since: 24,
    set: (call) => {
      const { args, device } = call;
      mqttCounted(call, 2, 7);
      readLink(call);
      const user = fresh(call);
      const count = args.int(1, { min: 0, max: 5 });
      if (args.count !== 2 + count) refuse(mqttError.count);
      device.applications.mqtt.user = { ...user, alpn: Array.from({ length: count }, (_, index) => args.text(2 + index, { min: 1 })) };
      return ok();
    },
  },
];
