/** Two soft notes, a third apart: heard across a room, no alarm. Hertz and seconds. */
const NOTES = [
  { frequency: 660, startsAt: 0 },
  { frequency: 830, startsAt: 0.11 },
] as const;
const LASTS = 0.45;
const LOUDNESS = 0.12;
/** A visitor who writes three lines at once is one sound. */
const REST_MS = 2_000;

let context: AudioContext | null = null;
let playedAt = Number.NEGATIVE_INFINITY;

/**
 * Plays the sound of a notice. Silent, without an error, where the browser allows no sound yet: before anybody has
 * touched this page.
 */
export async function playChime(): Promise<void> {
  if (!navigator.userActivation?.hasBeenActive) return;
  const now = performance.now();
  if (now - playedAt < REST_MS) return;
  playedAt = now;
  try {
    context ??= new AudioContext();
    await context.resume();
    for (const { frequency, startsAt } of NOTES) playNote(context, frequency, context.currentTime + startsAt);
  } catch {
    context = null; // no sound device: the notice itself is there all the same
  }
}

function playNote(audio: AudioContext, frequency: number, at: number): void {
  const note = new OscillatorNode(audio, { frequency, type: 'sine' });
  const volume = new GainNode(audio, { gain: 0 });
  volume.gain.setValueAtTime(0, at);
  volume.gain.linearRampToValueAtTime(LOUDNESS, at + 0.015);
  volume.gain.exponentialRampToValueAtTime(0.0001, at + LASTS);
  note.connect(volume).connect(audio.destination);
  note.start(at);
  note.stop(at + LASTS);
}
