import { isOpen, type RequestState } from '../accounts/recovery-rules.ts';

/** What a decision about a request depends on, for one administrator. */
export interface Standing {
  readonly state: RequestState;
  /** The administrator is the person who asked for help. */
  readonly own: boolean;
  /** Who proposed it and still is an administrator; null: nobody, so that it can be proposed. */
  readonly proposedBy: string | null;
  readonly administrator: string;
  /** There is only one administrator who could act: one suffices. */
  readonly alone: boolean;
}

export type Decision =
  /** `done`: nothing is left to decide. */
  | { readonly may: 'nothing'; readonly why: 'done' | 'own' | 'another' }
  | { readonly may: 'propose' }
  /** `waiting`: only once the waiting time is over. */
  | { readonly may: 'countersign'; readonly waiting: boolean };

/** Two administrators, neither of them the person; one where there is only one (screen 13). */
export function decisionFor({ state, own, proposedBy, administrator, alone }: Standing): Decision {
  if (!isOpen(state)) return { may: 'nothing', why: 'done' };
  if (own) return { may: 'nothing', why: 'own' };
  if (proposedBy === null) return { may: 'propose' };
  if (proposedBy === administrator && !alone) return { may: 'nothing', why: 'another' };
  return { may: 'countersign', waiting: state === 'waiting' };
}
