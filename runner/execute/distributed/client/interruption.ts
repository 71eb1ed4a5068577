/** What becomes of what is under way elsewhere where the client is interrupted. */
export type OnInterrupt = 'detach' | 'cancel';

const controlC = '\u0003';

/**
 * As the command line says, or asked at the terminal by one key.
 *
 * @param where stages run: `stages run on workers`.
 * @param tell shows the question.
 */
export async function decideInterruption(
  decided: OnInterrupt | undefined,
  where: string,
  tell: (question: string) => void,
  input: Pick<NodeJS.ReadStream, 'isTTY' | 'setRawMode' | 'once' | 'resume' | 'pause'> = process.stdin,
): Promise<OnInterrupt> {
  if (decided !== undefined) return decided;
  if (!input.isTTY) return 'cancel';
  tell(`${where}: press d to detach and let them go on, c to cancel them`);
  input.setRawMode(true);
  input.resume();
  try {
    for (;;) {
      const key = await new Promise<string>((resolve) => {
        input.once('data', (data: Buffer) => {
          resolve(data.toString('utf8').toLowerCase());
        });
      });
      if (key === 'd') return 'detach';
      if (key === 'c' || key === controlC) return 'cancel';
    }
  } finally {
    input.setRawMode(false);
    input.pause();
  }
}
