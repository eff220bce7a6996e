/** Boolean column: 0 or 1, checked by the database. */
export type Flag = 0 | 1

/** Canonical JSON text (`domain/json.ts`), parsed in code and never by SQL. */
export type JsonText = string

/** Lower-case hex SHA-256. */
export type Sha256Text = string
