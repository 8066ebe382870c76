/** What a network is trained for, by its name in the literature (Goldberg 2016). */
export const taskNames = ['language model', 'acceptor'] as const;

export type TaskName = (typeof taskNames)[number];
