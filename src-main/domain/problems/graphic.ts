import { entry } from './entry.ts'

/** Logos and pieces of the graphic kit, SVG or PNG. */
export const graphicProblems = {
  GRAPHIC_KIND: entry<{ found: string }>(
    ({ found }) => `Il file è ${found}: qui servono disegni SVG o immagini PNG.`,
    () => 'Esportalo di nuovo in uno di questi due formati.',
  ),
  GRAPHIC_BROKEN: entry<{ reason: string }>(
    ({ reason }) => `Il disegno non si legge: ${reason}.`,
    () => 'Esportalo di nuovo dal programma con cui è stato fatto.',
  ),
  GRAPHIC_LIMIT: entry<{ limit: string }>(
    ({ limit }) => `Il disegno è troppo grande: ${limit}.`,
    () => 'Semplificalo o riducilo: su un avviso è largo pochi centimetri.',
  ),
  GRAPHIC_UNSUPPORTED: entry<{ what: string; remedy: string }>(
    ({ what }) => `Il disegno contiene ${what}.`,
    ({ remedy }) => remedy,
  ),
  GRAPHIC_NO_SIZE: entry(
    () => 'Il disegno non dice quanto misura: mancano «viewBox» e le misure «width» e «height».',
    () => 'Esportalo di nuovo con le sue misure.',
  ),
} as const
