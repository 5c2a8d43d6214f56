import type { Clock } from '../../kit/clock.ts';
import { ConfigError } from '../../kit/environment.ts';
import { type Gateway, type GatewayKind, readGatewayAddress } from './gateway.ts';
import { kannel } from './kannel.ts';
import { twilio } from './twilio.ts';
import { webhook } from './webhook.ts';

/** Every gateway there is. Another one is a file here and a line below. */
const KINDS: readonly GatewayKind[] = [twilio, kannel, webhook];

/** The gateway that `SMS_URL` names; nothing of the address is repeated in the refusal. @throws {ConfigError} */
export function openGateway(smsUrl: string, clock: Clock): Gateway {
  const scheme = /^[a-z0-9+]+(?=:\/\/)/i.exec(smsUrl)?.[0].toLowerCase() ?? '';
  const kind = KINDS.find(({ schemes }) => Object.hasOwn(schemes, scheme));
  if (!kind) throw new ConfigError('SMS_URL', `takes ${KINDS.map(({ takes }) => takes).join('; or ')}`);
  const address = readGatewayAddress(smsUrl, kind);
  const gateway = address && kind.open(address, clock);
  if (!gateway) throw new ConfigError('SMS_URL', `takes ${kind.takes}`);
  return gateway;
}
