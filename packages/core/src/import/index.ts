export { importFile } from './import-file.ts';
export type { ImportCounts, ImportProgress, ImportReport, ImportRequest, LineCounts } from './request.ts';
