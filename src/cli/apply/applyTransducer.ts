import type { Engine } from '../../backend/engine.ts';
import { taggedFormatOf, writeTags } from '../../data/columns/readTagged.ts';
import type { StoredModel } from '../../store/modelFolder.ts';
import { fillMissingTags, openTransducer } from '../../tasks/transducer/open.ts';
import { type Applied, counted, type Document, firstMisfits } from './applied.ts';

/** Fills in the tags that are missing. @throws Problem when the file has not the columns of the model's */
export async function applyTransducer(
  { manifest, ...model }: StoredModel,
  { source }: Document,
  engine: () => Promise<Engine>,
): Promise<Applied> {
  const tagging = manifest.tagging!;
  // A file without any tag says nothing of its format.
  const format = taggedFormatOf(source) ?? tagging.format;
  const transducer = openTransducer(await engine(), { ...model, ...tagging });
  const { missing, read } = fillMissingTags(transducer, source, { ...tagging, format });
  transducer.dispose();
  return {
    text: writeTags(source, missing),
    sentence: [
      `Filled in: ${counted(missing.length, 'tag')}.`,
      ...(read.skipped > 0
        ? [`Left as they are, since they do not fit: ${counted(read.skipped, 'sentence')}.`]
        : []),
      ...firstMisfits(read.misfits),
    ].join(' '),
  };
}
