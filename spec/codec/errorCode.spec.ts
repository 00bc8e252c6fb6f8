import { errorCode } from '../../lib/codec/errorCode.js';

test.each<[string, Readonly<Record<string, unknown>>]>([
  // AT+CWMODE=9 and channel 15 of AT+CWSAP, recorded: counted from 1 here, from 0 elsewhere.
  ['0x01070001', { subcategory: 'PARA_INVALID', parameter: 0 }],
  ['0x01070003', { subcategory: 'PARA_INVALID', parameter: 2 }],
  ['0x01080004', { subcategory: 'PARA_PARSE_FAIL', parameter: 4 }],
  ['0x01040003', { subcategory: 'PARA_LENGTH', parameter: 3 }],
  ['0x01060201', { subcategory: 'PARA_NUM', needed: 2, given: 1 }],
  ['0x01090000', { category: 1, subcategory: 'UNSUPPORT_CMD', extension: 0 }],
  ['0x010b0000', { subcategory: 'CMD_PROCESSING' }],
  ['0x01030000', { subcategory: 'NO_AT' }],
  ['0x010a6001', { subcategory: 'CMD_EXEC_FAIL', reason: 'MQTT_NO_CONFIGURED' }],
  ['0x010a6006', { reason: 'MQTT_NULL_LINK' }],
  ['0x010a601a', { reason: 'MQTT_PASSWORD_READ_FAILED' }],
  ['0x010a6048', { reason: 'MQTT_QOS_VALUE_IS_WRONG' }],
  ['0x010a604f', { reason: 'MQTT_CREATE_EVENT_GROUP_FAILED' }],
  ['0x010a7000', { reason: 'HTTP no connection' }],
  ['0x010a7191', { reason: 'HTTP 401 Unauthorized' }],
  ['0x010a71f7', { reason: 'HTTP 503 Service Unavailable' }],
  ['0x010a71a2', { reason: 'HTTP 418' }],
  ['0x010a8001', { reason: 'EAP_MALLOC_FAILED' }],
  ['0x010a8016', { reason: 'EAP_CONN_TIMEOUT' }],
  ['0x010a8024', { reason: 'EAP_METHOD_ERROR' }],
])('%s', (code, found) => {
  expect(errorCode(code)).toMatchObject({ code, ...found });
});

test('every code of MQTT has a name of its own, at its number in document 000 §9.12', () => {
  const names = Array.from({ length: 0x4f }, (_, index) => errorCode(`0x010a60${(index + 1).toString(16).padStart(2, '0')}`)?.reason ?? '');
  expect(names.filter((name) => !/^MQTT_[A-Z_]+$/.test(name))).toEqual([]);
  expect(new Set(names).size).toBe(0x4f);
  const at = (name: string): string => (names.indexOf(`MQTT_${name}`) + 1).toString(16);
  const anchors = ['MALLOC_FAILED', 'CLIENT_SUBSCRIBE_FAILED', 'LINK_ID_VALUE_IS_WRONG', 'SCHEME_VALUE_IS_WRONG', 'CERT_KEY_ID_VALUE_IS_WRONG', 'CA_ID_VALUE_IS_WRONG', 'PATH_IS_OVERLENGTH',
    'KEEPALIVE_VALUE_IS_WRONG', 'LWT_TOPIC_IS_OVERLENGTH', 'LWT_QOS_VALUE_IS_WRONG', 'HOST_IS_OVERLENGTH', 'PORT_VALUE_IS_WRONG', 'TOPIC_IS_OVERLENGTH', 'RETAIN_VALUE_IS_WRONG', 'PUBLISH_LENGTH_VALUE_IS_WRONG'];
  expect(anchors.map(at)).toEqual(['5', 'd', '11', '13', '1e', '20', '29', '2d', '32', '37', '3c', '3e', '43', '4a', '4c']);
});

test('a handler code without a name has no reason', () => {
  for (const code of ['0x010a0001', '0x010a6050', '0x010a8025', '0x01090000']) expect(errorCode(code)).not.toHaveProperty('reason');
});
