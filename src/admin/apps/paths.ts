import type { ClientKind } from '../../clients/client.ts';

export const APPS = '/admin/apps';

export const appPath = ({ id }: { readonly id: string }): string => `${APPS}/${id}`;

export const newPath = (kind: ClientKind): string => `${APPS}/new/${kind}`;
