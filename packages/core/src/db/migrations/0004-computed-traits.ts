import { Migration } from '@mikro-orm/migrations';
import { ownWorkspace } from './own-workspace.ts';

/** The traits that are computed from events, as the plugins declare them. */
export class ComputedTraits extends Migration {
  override name = '0004-computed-traits';

  override up(): void {
    for (const statement of [table, ...ownWorkspace('computed_trait')]) this.addSql(statement);
  }

  override down(): void {
    this.addSql('drop table if exists computed_trait cascade');
  }
}

// BUILDING until everybody has it, WITHDRAWN until nobody has it any more: what is not LIVE is still to be done, also after a crash.
const table = `create table computed_trait (
  workspace_id int not null references workspace,
  name text not null,
  computation jsonb not null,
  status text not null check (status in ('BUILDING', 'LIVE', 'WITHDRAWN')),
  since int not null,
  updated_at timestamptz(3) not null default now(),
  primary key (workspace_id, name)
)`;
