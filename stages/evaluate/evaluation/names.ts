import type { Training } from '../inputs/training.ts';

/**
 * A name for people and one for files and anchors, both unique: model and features, and the stage where these two
 * do not tell two trainings apart.
 */
export function namesOf(trainings: readonly Training[]): { slug: string; label: string }[] {
  const labels = trainings.map(({ summary }) => `${summary.model} on ${summary.features}`);
  const told = trainings.map(({ stage }, index) =>
    labels.filter((label) => label === labels[index]).length > 1
      ? `${labels[index]} (${stage})`
      : labels[index],
  );
  const taken = new Set<string>();
  return told.map((label) => {
    const plain = slugOf(label.replace(' on ', '-'));
    let slug = plain;
    for (let number = 2; taken.has(slug); number++) slug = `${plain}-${number}`;
    taken.add(slug);
    return { slug, label };
  });
}

function slugOf(text: string): string {
  const slug = text
    .toLowerCase()
    .replaceAll(/[^a-z0-9]+/g, '-')
    .replaceAll(/^-+|-+$/g, '');
  return slug === '' ? 'model' : slug;
}
