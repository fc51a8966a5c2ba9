/**
 * Begins a transaction whose statements are planned each time, for the table as it is now. A plan that is kept from when the
 * first deliveries were made reads all of them for each list of a hundred, until PostgreSQL gathers statistics by itself.
 * Without statistics it would also sort everything that is due to find the first hundred, where an index has them in order.
 */
export const plannedAnew = 'begin; set local plan_cache_mode = force_custom_plan; set local enable_sort = off';

/**
 * Finds the deliveries of a list called `n` one by one, as `place`: joined freely, a table without statistics is read whole. A
 * condition on what is found must name a column of `place`, too, or it is taken for a way to find it. Only for rows that nobody else
 * changes meanwhile, because they are locked or ours by lease: one that moved since the statement began is passed over.
 */
export const eachById = 'cross join lateral (select ctid, n.* from delivery where workspace_id = $1 and id = n.id offset 0) as place';
