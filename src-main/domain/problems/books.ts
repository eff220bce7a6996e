export const booksProblems = {} as const
