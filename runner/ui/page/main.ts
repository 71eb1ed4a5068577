import { Live } from './live.ts';
import { openShell } from './shell.ts';

const live = new Live();
openShell(document.body, live);
live.connect();
