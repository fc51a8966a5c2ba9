export { type Kind, kinds, namesFor, type Plan, scaffold } from './scaffold.ts';
