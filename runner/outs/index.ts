export { clearOuts, few } from './clear.ts';
export { keepOuts } from './keep.ts';
export { OutLedger } from './ledger.ts';
export { foreignOuts, foreignProblem, setAside } from './ownership.ts';
export { outsShow, restoreOuts } from './restore.ts';
