// One request, or one websocket: who asks, from where, and what the database is told of it.
import type { Claims } from '../../database/access/session_claims.ts';
import { type CallerRole, callerSettings } from '../../database/as_caller.ts';

// How long a statement may take: nobody but an admin needs to wait for what reads everything.
const timeoutsMs: Readonly<Record<CallerRole, number>> = {
  postilion_visitor: 5_000,
  postilion_user: 20_000,
  postilion_admin: 60_000,
};

export class Visit {
  /** What the database is told of this visit. */
  readonly pgSettings: Record<string, string> = {};
  /** Of the client; null: it is gone already. */
  readonly address: string | null;
  /** It tried too often: the answer is 429, for whatever stands between us and the client. */
  isLimited = false;
  #claims: Claims | null = null;

  constructor(claims: Claims | null, address: string | null) {
    this.address = address;
    this.become(claims);
  }

  /** Null: a visitor. */
  get claims(): Claims | null {
    return this.#claims;
  }

  /** From here on the visit is who has just signed in. The settings stay the same object, which plans may hold already. */
  become(claims: Claims | null): void {
    this.#claims = claims;
    Object.assign(this.pgSettings, settingsOf(claims));
  }
}

function settingsOf(claims: Claims | null): Record<string, string> {
  const settings = callerSettings(claims);
  return { ...settings, statement_timeout: `${timeoutsMs[settings.role]}ms` };
}
