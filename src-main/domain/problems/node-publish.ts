import { entry } from './entry.ts'

/** Positions that go onto the node, or leave it. */
export const nodePublishProblems = {
  NODE_ENVIRONMENT_MOVED: entry<{ seen: string; now: string }>(
    ({ seen, now }) => `Nel frattempo l’ambiente del nodo è cambiato: era ${seen}, ora è ${now}.`,
    () => 'Da allora niente è stato fatto: guarda di nuovo e ripeti.',
  ),
  NODE_BEFORE_ACTIVATION: entry<{ day: string }>(
    ({ day }) => `L’ente è attivo sul nodo dal ${day}: prima non si pubblica niente.`,
    () => 'Aspetta quel giorno, o correggi la data in Impostazioni › Nodo pagoPA.',
  ),
  NODE_WORK_STOPPED: entry<{ reason: string }>(
    ({ reason }) => `L’ultima volta il nodo non ha accettato il collegamento: ${reason}`,
    () => 'Mettilo a posto, o le posizioni resteranno in attesa.',
  ),
  NODE_WORK_PAUSED: entry<Record<string, never>>(
    () => 'La pubblicazione è in pausa: le posizioni resteranno in attesa.',
    () => 'Premi «Riprendi» quando vuoi che partano.',
  ),
  POSITION_ON_NODE: entry<{ count: number }>(
    ({ count }) =>
      count === 1
        ? 'Una è pubblicata sul nodo: sarà aggiornata.'
        : `${count} sono pubblicate sul nodo: saranno aggiornate.`,
    () => '',
  ),
  POSITION_OFF_NODE: entry<{ count: number }>(
    ({ count }) =>
      count === 1 ? 'Una è pubblicata sul nodo: sarà tolta.' : `${count} sono pubblicate sul nodo: saranno tolte.`,
    () => '',
  ),
} as const
