/** node judge.mjs IMAGE...: an HTML report on stdout, one line an image on stderr, and the exit code of the gate. */
import { judge, loadContract, openFacts, openImage, readFacts, render } from 'check-image';

const images = process.argv.slice(2);
for (const path of images) {
  const image = await openImage(path);
  try {
    const { platform, k3s } = await readFacts(openFacts(image), ['platform', 'k3s']);
    console.error(`${image.label}: ${platform.value.name}, k3s ${k3s.value.role}`);
  } finally {
    image.close();
  }
}
const run = await judge(images, await loadContract('k3s'), { jobs: 2 });
process.stdout.write(await render(run, 'html'));
process.exitCode = run.exitCode;
