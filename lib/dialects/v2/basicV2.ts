import { int } from '../../codec/index.js';
import type { Command } from '../../command/index.js';
import * as basic from '../../commands/basic.js';
import { limited } from '../limited.js';

/** `v2`: document 000 chapter 2. */
export const basicV2: readonly Command[] = [
  basic.probe,
  basic.restart,
  basic.version,
  basic.echo,
  basic.restore,
  basic.memory,
  limited(basic.systemMessages, { mask: int(0, 3) }),
  basic.systemMessagesQuery,
  basic.rollback,
  basic.clock,
  basic.clockQuery,
  basic.errorCodes,
  basic.errorCodesQuery,
  basic.store,
  basic.storeQuery,
  basic.sleep,
  basic.sleepQuery,
  basic.deepSleep,
  basic.wakeByTimer,
  basic.wakeByUart,
  basic.wakeByGpio,
  basic.radioPower,
  basic.radioPowerQuery,
  basic.uart,
  basic.uartQuery,
  basic.uartDefault,
  basic.uartDefaultQuery,
  basic.partitions,
  basic.eraseFlash,
  basic.writeFlash,
  basic.readFlash,
  basic.deleteFile,
  basic.writeFile,
  basic.readFile,
  basic.fileSize,
  basic.listFiles,
];
